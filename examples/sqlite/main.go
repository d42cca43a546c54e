// Command sqlite makes a database in memory with go-sqlite3, which brings SQLite's C source along.
package main

import (
	"database/sql"
	"fmt"
	"os"

	_ "github.com/mattn/go-sqlite3"
)

// version is set by the linker: -X main.version=…
var version = "dev"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("sqlite", version)
		return
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "sqlite:", err)
		os.Exit(1)
	}
}

func run() error {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection to :memory: is a database of its own

	var engine string
	if err := db.QueryRow("SELECT sqlite_version()").Scan(&engine); err != nil {
		return fmt.Errorf("asking for the version: %w", err)
	}
	fmt.Println("SQLite", engine)

	const fill = `CREATE TABLE nest (tree TEXT, eggs INTEGER);
		INSERT INTO nest VALUES ('oak', 4), ('elm', 5), ('ash', 3)`
	if _, err := db.Exec(fill); err != nil {
		return fmt.Errorf("filling the table: %w", err)
	}
	var nests, eggs int
	if err := db.QueryRow("SELECT count(*), sum(eggs) FROM nest").Scan(&nests, &eggs); err != nil {
		return fmt.Errorf("counting: %w", err)
	}
	fmt.Printf("%d nests, %d eggs\n", nests, eggs)
	return nil
}
