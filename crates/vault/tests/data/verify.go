// Checks what the Rust tests wrote with Go's own packages, or measures those: the second opinion on the log.
package main

import (
	"encoding/base64"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func read(name string) string { return string(must(os.ReadFile(filepath.Join(os.Args[1], name)))) }

func hashes(text string) (all []tlog.Hash) {
	for _, line := range strings.Fields(text) {
		var hash tlog.Hash
		if copy(hash[:], must(base64.StdEncoding.DecodeString(line))) != len(hash) {
			log.Fatal("a hash is short")
		}
		all = append(all, hash)
	}
	return all
}

func open(text string, verifier note.Verifier) (int64, tlog.Hash) {
	lines := strings.Split(must(note.Open([]byte(text), note.VerifierList(verifier))).Text, "\n")
	return must(strconv.ParseInt(lines[1], 10, 64)), must(tlog.ParseHash(lines[2]))
}

// Reads hashes from the published tiles; the format in Go has the height in the name as well.
func tiles(size int64) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			tile := tlog.TileForIndex(8, index)
			if width := (size >> (8 * tile.L)) - tile.N<<8; width < 256 {
				tile.W = int(width)
			} else {
				tile.W = 256
			}
			data := []byte(read(strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
			found = append(found, must(tlog.HashFromTile(tile, data, index)))
		}
		return found, nil
	}
}

func check(what string, good bool) {
	if !good {
		log.Fatal("wrong: " + what)
	}
}

func bench(count int64) {
	leaf := []byte(strings.Repeat("x", 150))
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, 0, len(indexes))
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	start := time.Now()
	for n := int64(0); n < count; n++ {
		stored = append(stored, must(tlog.StoredHashes(n, leaf, reader))...)
	}
	must(tlog.TreeHash(count, reader))
	fmt.Printf("{\"go_verify_s\":%.3f}\n", time.Since(start).Seconds())
}

// Checks the leaves of a bundle: FOLDER, verifier key.
func bundle() {
	os.Args[1] = os.Args[2]
	size, root := open(read("checkpoint"), must(note.NewVerifier(os.Args[3])))
	files := must(os.ReadDir(filepath.Join(os.Args[1], "leaves")))
	for _, file := range files {
		index := must(strconv.ParseInt(file.Name(), 10, 64))
		head, signed, _ := strings.Cut(read("proofs/"+file.Name()+".tlog-proof"), "\n\n")
		check("the proof has the checkpoint", signed == read("checkpoint"))
		proof := hashes(strings.Join(strings.Split(head, "\n")[2:], "\n"))
		leaf := tlog.RecordHash([]byte(read("leaves/" + file.Name())))
		check("inclusion of leaf "+file.Name(), tlog.CheckRecord(proof, size, root, index, leaf) == nil)
	}
	fmt.Printf("verified: %d leaves, log of %d\n", len(files), size)
}

func main() {
	if os.Args[1] == "bundle" {
		bundle()
		return
	}
	if os.Args[1] == "bench" {
		bench(must(strconv.ParseInt(os.Args[2], 10, 64)))
		return
	}
	verifier := must(note.NewVerifier(read("vkey")))
	old, oldRoot := open(read("checkpoint.old"), verifier)
	size, root := open(read("checkpoint"), verifier)
	head, signed, _ := strings.Cut(read("leaf.tlog-proof"), "\n\n")
	check("the proof has the checkpoint", signed == read("checkpoint"))
	lines := strings.Split(head, "\n")
	index := must(strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64))
	proof, leaf := hashes(strings.Join(lines[2:], "\n")), tlog.RecordHash([]byte(read("leaf")))
	check("inclusion", tlog.CheckRecord(proof, size, root, index, leaf) == nil)
	check("inclusion of another leaf", tlog.CheckRecord(proof, size, root, index, tlog.RecordHash([]byte("other"))) != nil)
	check("inclusion elsewhere", tlog.CheckRecord(proof, size, root, index+1, leaf) != nil)
	check("consistency", tlog.CheckTree(hashes(read("consistency")), size, root, old, oldRoot) == nil)
	check("consistency with another root", tlog.CheckTree(hashes(read("consistency")), size, root, old, root) != nil)
	check("root from tiles", must(tlog.TreeHash(size, tiles(size))) == root)
	mine := must(tlog.ProveRecord(size, index, tiles(size)))
	check("the same proof", fmt.Sprint(mine) == fmt.Sprint(tlog.RecordProof(proof)))
	signer := must(note.NewSigner(read("skey")))
	text, _, _ := strings.Cut(read("checkpoint.old"), "\n\n")
	check("the same signature", string(must(note.Sign(&note.Note{Text: text + "\n"}, signer))) == read("checkpoint.old"))
	fmt.Printf("verified: log of %d continues %d\n", size, old)
}
