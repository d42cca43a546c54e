package rookery.sim;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// The farm with one [Mutant] in it: the mistaken class is compiled for this run, and everything of
/// ours is loaded anew around it. Nothing on disk changes, and no switch in the farm's code knows
/// of it.
final class Bred extends ClassLoader {
    private static final String OURS = "rookery.";

    private final Map<String, byte[]> mistaken;

    private Bred(Map<String, byte[]> mistaken) {
        super(Bred.class.getClassLoader());
        this.mistaken = mistaken;
    }

    /// The first violation within these seeds.
    static Optional<String> search(Mutant mutant, Path checkout, long from, long seeds)
            throws IOException, ReflectiveOperationException {
        var loader = new Bred(compile(mutant, checkout));
        Class<?> sim = loader.loadClass(Sim.class.getName());
        try {
            Object found =
                    sim.getMethod("firstViolation", long.class, long.class)
                            .invoke(null, from, seeds);
            return Optional.ofNullable((String) found);
        } catch (InvocationTargetException e) {
            return Optional.of(String.valueOf(e.getCause()));
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            byte[] bytes = mistaken.get(name);
            if (bytes == null) bytes = asBuilt(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] asBuilt(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) throw new ClassNotFoundException(name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static Map<String, byte[]> compile(Mutant mutant, Path checkout) throws IOException {
        String source = mutant.in(checkout);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var out = new HashMap<String, Output>();
        try (var files =
                new ForwardingJavaFileManager<JavaFileManager>(
                        compiler.getStandardFileManager(null, null, null)) {
                    @Override
                    public JavaFileObject getJavaFileForOutput(
                            JavaFileManager.Location location,
                            String name,
                            JavaFileObject.Kind kind,
                            @Nullable FileObject sibling) {
                        return out.computeIfAbsent(name, Output::new);
                    }

                    @Override
                    public boolean hasLocation(JavaFileManager.Location location) {
                        return location != StandardLocation.ANNOTATION_PROCESSOR_PATH
                                && super.hasLocation(location);
                    }
                }) {
            var input = new Input(mutant.file(), source);
            var words = new java.io.StringWriter();
            boolean compiled =
                    compiler.getTask(
                                    words,
                                    files,
                                    null,
                                    List.of("-proc:none", "-nowarn", "-Xlint:none"),
                                    null,
                                    List.of(input))
                            .call();
            if (!compiled)
                throw new IllegalStateException(
                        "the mutant '" + mutant.name() + "' does not compile: " + words);
        }
        var classes = new HashMap<String, byte[]>();
        out.forEach((name, file) -> classes.put(name, file.bytes.toByteArray()));
        return classes;
    }

    private static final class Input extends SimpleJavaFileObject {
        private final String source;

        Input(String file, String source) {
            super(URI.create("string:///" + Path.of(file).getFileName()), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    private static final class Output extends SimpleJavaFileObject {
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

        Output(String name) {
            super(URI.create("mem:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public java.io.OutputStream openOutputStream() {
            return bytes;
        }
    }
}
