package rookery.cli.spec;

/// Where something stands, as editors and compilers write it: lines and columns begin at 1.
public record Position(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
