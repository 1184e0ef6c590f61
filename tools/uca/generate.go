// Writes src/vschema/uca/weights.inc: the primary weights of the collation that the unicode_loose vindexes of Vitess
// use (the root collation of CLDR 23, Unicode 6.2), as the Go library they call computes them.
//
//	apt-get install golang-go golang-golang-x-text-dev
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tools/uca/generate.go > src/vschema/uca/weights.inc
//
// What is asked of the library: the key of each character alone, and of each sequence that the Unicode Collation
// Algorithm may treat as one, for which Debian's perl has a list. Sequences whose key is that of their characters one
// by one are left out, and so are the syllables of Hangul, which are computed.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

const sequences = "/usr/share/perl/5.36.0/Unicode/Collate/allkeys.txt"

var collator = collate.New(language.English, collate.Loose)

// A weight takes two bytes, or three of which the first has its high bit set.
func weights(text string) []uint32 {
	var buffer collate.Buffer
	key := collator.KeyFromString(&buffer, text)
	result := []uint32{}
	for i := 0; i < len(key); {
		if key[i]&0x80 != 0 {
			result = append(result, uint32(key[i]&0x7f)<<16|uint32(key[i+1])<<8|uint32(key[i+2]))
			i += 3
		} else {
			result = append(result, uint32(key[i])<<8|uint32(key[i+1]))
			i += 2
		}
	}
	return result
}

func isHangulSyllable(c rune) bool { return c >= 0xac00 && c <= 0xd7a3 }

func checkHangul(of map[rune][]uint32) {
	for c := rune(0xac00); c <= 0xd7a3; c++ {
		index := c - 0xac00
		parts := append(append([]uint32{}, of[0x1100+index/588]...), of[0x1161+index%588/28]...)
		if index%28 != 0 {
			parts = append(parts, of[0x11a7+index%28]...)
		}
		if !slices.Equal(parts, of[c]) {
			log.Fatalf("syllable %x is not its jamos: %x, %x", c, parts, of[c])
		}
	}
}

type contraction struct {
	runes   []rune
	weights []uint32
}

func contractions(of map[rune][]uint32) []contraction {
	file, err := os.Open(sequences)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	result := []contraction{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		left, _, found := strings.Cut(lines.Text(), ";")
		fields := strings.Fields(left)
		if !found || len(fields) < 2 || strings.HasPrefix(left, "@") {
			continue
		}
		runes := []rune{}
		apart := []uint32{}
		for _, field := range fields {
			var c rune
			if _, err := fmt.Sscanf(field, "%x", &c); err != nil {
				log.Fatalf("%q: %v", lines.Text(), err)
			}
			runes = append(runes, c)
			apart = append(apart, of[c]...)
		}
		if together := weights(string(runes)); !slices.Equal(apart, together) {
			result = append(result, contraction{runes, together})
		}
	}
	slices.SortFunc(result, func(a, b contraction) int { return slices.Compare(a.runes, b.runes) })
	return result
}

type pool struct {
	weights []uint32
	offsets map[string]int
}

func (p *pool) reference(weights []uint32) uint32 {
	name := fmt.Sprint(weights)
	offset, known := p.offsets[name]
	if !known {
		offset = len(p.weights)
		p.offsets[name] = offset
		p.weights = append(p.weights, weights...)
	}
	return uint32(offset<<8 | len(weights))
}

const (
	same = iota
	rising
	several
)

// A run of characters: all with one weight (none, if it is 0), with weights that rise by one, or, of length one,
// with several weights.
type run struct {
	first, last rune
	kind        int
	value       uint32
	starts      bool
}

func (r *run) extend(next run) bool {
	if next.kind == several || r.kind == several || r.starts || next.starts || r.last+1 != next.first {
		return false
	}
	if r.kind == same && next.value == r.value {
		r.last = next.first
		return true
	}
	if (r.first == r.last || r.kind == rising) && r.value != 0 && next.value == r.value+uint32(next.first-r.first) {
		r.kind = rising
		r.last = next.first
		return true
	}
	return false
}

func runs(of map[rune][]uint32, starts map[rune]bool, p *pool) []run {
	result := []run{}
	for c := rune(0); c <= 0x10ffff; c++ {
		next := run{c, c, same, 0, starts[c]}
		if !isHangulSyllable(c) && (c < 0xd800 || c > 0xdfff) {
			switch w := of[c]; len(w) {
			case 0:
			case 1:
				next.value = w[0]
			default:
				next.kind = several
				next.value = p.reference(w)
			}
		}
		if len(result) == 0 || !result[len(result)-1].extend(next) {
			result = append(result, next)
		}
	}
	return result
}

func write(out *bufio.Writer, declaration string, items []string) {
	fmt.Fprintf(out, "%s = {\n", declaration)
	line := ""
	for _, item := range items {
		if len(line)+len(item) > 116 {
			fmt.Fprintln(out, line)
			line = ""
		}
		line += item + ","
	}
	fmt.Fprintf(out, "%s\n};\n", line)
}

func main() {
	of := map[rune][]uint32{}
	for c := rune(0); c <= 0x10ffff; c++ {
		if c < 0xd800 || c > 0xdfff {
			of[c] = weights(string(c))
		}
	}
	checkHangul(of)
	p := pool{offsets: map[string]int{}}
	starts := map[rune]bool{}
	contracted := []string{}
	for _, each := range contractions(of) {
		starts[each.runes[0]] = true
		third := rune(0)
		if len(each.runes) > 2 {
			third = each.runes[2]
		}
		if len(each.runes) > 3 {
			log.Fatalf("contraction of %d characters", len(each.runes))
		}
		contracted = append(contracted,
			fmt.Sprintf("{{0x%x,0x%x,0x%x},%d}", each.runes[0], each.runes[1], third, p.reference(each.weights)))
	}
	rows := []string{}
	for _, each := range runs(of, starts, &p) {
		kind := each.kind
		if each.starts {
			kind |= 4
		}
		rows = append(rows, fmt.Sprintf("{0x%x,%d,0x%x}", each.first, kind, each.value))
	}
	pooled := []string{}
	for _, weight := range p.weights {
		pooled = append(pooled, fmt.Sprintf("0x%x", weight))
	}

	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprintln(out, "// Made by tools/uca/generate.go; not edited by hand. Data of Unicode 6.2 and CLDR 23,")
	fmt.Fprintln(out, "// © Unicode, Inc., https://www.unicode.org/license.txt")
	write(out, "constexpr Run kRuns[]", rows)
	write(out, "constexpr Contraction kContractions[]", contracted)
	write(out, "constexpr std::uint32_t kPool[]", pooled)
}
