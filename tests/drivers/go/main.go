// go-sql-driver/mysql through database/sql: steps told as lines of JSON. usage: drivers SETTINGS (a file; see ../drivers.py)
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
)

type settings struct {
	Host, User, Password, Database, Ca, Material string
	Port                                         int
	Steps                                        []string
}

type material struct {
	Queries, Errors, Warnings map[string]string
	Strings                   []string
	LoadData                  string `json:"load_data"`
}

var (
	given settings
	stuff material
	step  string
)

func line(fields map[string]interface{}) {
	fields["step"] = step
	text, err := json.Marshal(fields)
	check(err)
	fmt.Println(string(text))
}

func say(what string, value interface{}) {
	line(map[string]interface{}{"what": what, "saw": plain(value)})
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// plain tells the type that the driver has made of a value too.
func plain(value interface{}) interface{} {
	text := func(kind, s string) string {
		if len(s) > 1000 {
			return fmt.Sprintf("%s of %d, sha256 %x", kind, len(s), sha256.Sum256([]byte(s)))
		}
		return kind + " " + s
	}
	switch v := value.(type) {
	case nil, bool:
		return v
	case []byte:
		return text("bytes", hex.EncodeToString(v))
	case time.Time:
		return "time " + v.Format(time.RFC3339Nano)
	case []interface{}:
		out := []interface{}{}
		for _, each := range v {
			out = append(out, plain(each))
		}
		return out
	}
	return text(fmt.Sprintf("%T", value), fmt.Sprintf("%v", value))
}

func errorOf(err error) interface{} {
	if err == nil {
		return "no error"
	}
	var answered *mysql.MySQLError
	if errors.As(err, &answered) {
		return fmt.Sprintf("%d %s", answered.Number, answered.Message)
	}
	return err.Error()
}

func open(change func(*mysql.Config)) *sql.DB {
	config := mysql.NewConfig()
	config.User, config.Passwd, config.Net, config.DBName = given.User, given.Password, "tcp", given.Database
	config.Addr = fmt.Sprintf("%s:%d", given.Host, given.Port)
	config.MaxAllowedPacket = 64 << 20
	if change != nil {
		change(config)
	}
	connector, err := mysql.NewConnector(config)
	check(err)
	return sql.OpenDB(connector)
}

type asker interface {
	QueryContext(context.Context, string, ...interface{}) (*sql.Rows, error)
	ExecContext(context.Context, string, ...interface{}) (sql.Result, error)
}

var background = context.Background()

func rowsOf(what string, rows *sql.Rows, err error) {
	if err != nil {
		say(what, errorOf(err))
		return
	}
	defer rows.Close()
	for {
		columns, err := rows.Columns()
		check(err)
		for rows.Next() {
			values := make([]interface{}, len(columns))
			pointers := make([]interface{}, len(columns))
			for i := range values {
				pointers[i] = &values[i]
			}
			check(rows.Scan(pointers...))
			say(what, values)
		}
		if !rows.NextResultSet() {
			break
		}
		say(what, "next set")
	}
	if err := rows.Err(); err != nil {
		say(what, errorOf(err))
	}
}

func ask(where asker, what, text string, values ...interface{}) {
	rows, err := where.QueryContext(background, text, values...)
	rowsOf(what, rows, err)
}

func do(where asker, what, text string, values ...interface{}) int64 {
	result, err := where.ExecContext(background, text, values...)
	if err != nil {
		say(what, errorOf(err))
		return 0
	}
	affected, _ := result.RowsAffected()
	id, _ := result.LastInsertId()
	say(what, affected)
	return id
}

func number(where asker, text string) int64 {
	rows, err := where.QueryContext(background, text)
	check(err)
	defer rows.Close()
	rows.Next()
	var n int64
	check(rows.Scan(&n))
	return n
}

// runs: whether SHOW PROCESSLIST has the long statement of the connection.
func runs(db *sql.DB, id int64) bool {
	rows, err := db.Query("show processlist")
	check(err)
	defer rows.Close()
	columns, err := rows.Columns()
	check(err)
	found := false
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		pointers := make([]interface{}, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		check(rows.Scan(pointers...))
		found = found || values[0].String == fmt.Sprint(id) && strings.Contains(values[7].String, "number c")
	}
	return found
}

func single(db *sql.DB) *sql.Conn {
	connection, err := db.Conn(background)
	check(err)
	return connection
}

func inOrder(statements map[string]string, use func(name, text string)) {
	names := []string{}
	for name := range statements {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		use(name, statements[name])
	}
}

var steps = map[string]func(){
	"connect": func() {
		db := open(nil)
		defer db.Close()
		say("ping", errorOf(db.Ping()))
		ask(db, "who", "select database(), current_user(), @@version")
		without := open(func(config *mysql.Config) { config.DBName = "" })
		defer without.Close()
		ask(without, "no database", "select * from person")
	},
	"tls": func() {
		pem, err := os.ReadFile(given.Ca)
		check(err)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		check(mysql.RegisterTLSConfig("ours", &tls.Config{RootCAs: roots}))
		db := open(func(config *mysql.Config) { config.TLSConfig = "ours" })
		defer db.Close()
		var name, cipher string
		check(db.QueryRow("show status like 'Ssl_cipher'").Scan(&name, &cipher))
		say("cipher", cipher != "")
		ask(db, "query", stuff.Queries["scatter"])
	},
	"refused": func() {
		for name, change := range map[string]func(*mysql.Config){"password": func(config *mysql.Config) { config.Passwd = "wrong" }} {
			say(name, errorOf(open(change).Ping()))
		}
		say("user", errorOf(open(func(config *mysql.Config) { config.User = "nobody" }).Ping()))
		say("database", errorOf(open(func(config *mysql.Config) { config.DBName = "nowhere" }).Ping()))
	},
	"text": func() {
		db := open(func(config *mysql.Config) { config.InterpolateParams = true })
		defer db.Close()
		inOrder(stuff.Queries, func(name, text string) { ask(db, name, text) })
		for _, text := range stuff.Strings {
			ask(db, "string", "select ?, hex(?)", text, text)
		}
		ask(db, "values", "select ?, ?, ?, ?, ?", 1, 1.5, nil, true, []byte{0, 255, 39})
	},
	"prepared": func() {
		db := open(func(config *mysql.Config) { config.ParseTime = true })
		defer db.Close()
		inOrder(stuff.Queries, func(name, text string) {
			statement, err := db.Prepare(text)
			check(err)
			defer statement.Close()
			rows, err := statement.Query()
			rowsOf(name, rows, err)
		})
		statement, err := db.Prepare("select id, name, ? as given, hex(?) from person where id = ?")
		check(err)
		defer statement.Close()
		for i, value := range []interface{}{7, int64(-1) << 62, uint64(1) << 63, 1.5, "it's \\ 金", []byte{0, 255, 39}, true, nil, time.Date(2026, 1, 2, 3, 4, 5, 678000, time.UTC)} {
			rows, err := statement.Query(value, value, i%5+1)
			rowsOf("given", rows, err)
		}
		_, err = db.Prepare("selec ?")
		say("syntax", errorOf(err))
		_, err = db.Prepare("select * from nothing_here where id = ?")
		say("unknown table", errorOf(err))
		do(db, "insert", "insert into purchase values (?, ?, ?, ?)", 72, 1, "1.50", nil)
		do(db, "duplicate", "insert into purchase values (?, ?, ?, ?)", 72, 1, "1.50", nil)
		ask(db, "row", "select * from purchase where person_id = ?", 72)
		do(db, "delete", "delete from purchase where person_id = ?", 72)
	},
	"batch": func() {
		db := open(nil)
		defer db.Close()
		transaction, err := db.Begin()
		check(err)
		statement, err := transaction.Prepare("insert into purchase (person_id, id, amount, note) values (?, ?, ?, ?)")
		check(err)
		for i := 0; i < 200; i++ {
			_, err := statement.Exec(100+i%7, i, float64(i)/4, fmt.Sprint("note ", i))
			check(err)
		}
		ask(transaction, "sums", "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1")
		check(transaction.Rollback())
		ask(db, "left", "select count(*) from purchase where person_id >= 100")
	},
	"multi_statements": func() {
		db := open(func(config *mysql.Config) { config.MultiStatements = true })
		defer db.Close()
		ask(db, "sets", "select 1; select name from person where id = 2; select id from person order by id")
		do(db, "writes", "update purchase set note = note where person_id = 1; delete from purchase where person_id = 777")
		plain := open(nil)
		defer plain.Close()
		ask(plain, "not allowed", "select 1; select 2")
	},
	"streaming": func() {
		db := open(nil)
		defer db.Close()
		for _, text := range []string{"select id, square from number order by id", "select id, square from number where id > ? order by id"} {
			values := []interface{}{}
			if strings.Contains(text, "?") {
				values = append(values, 10)
			}
			rows, err := db.Query(text, values...)
			check(err)
			count, sum := 0, int64(0)
			for rows.Next() {
				var id, square int64
				check(rows.Scan(&id, &square))
				count, sum = count+1, sum+square
			}
			say("all", []interface{}{count, sum})
			rows, err = db.Query(text, values...)
			check(err)
			for i := 0; i < 50; i++ {
				rows.Next()
			}
			say("left", errorOf(rows.Close()))
			ask(db, "after", "select count(*) from number")
		}
		limited, cancel := context.WithCancel(background)
		rows, err := db.QueryContext(limited, "select id from number")
		check(err)
		rows.Next()
		cancel()
		rows.Close()
		ask(db, "after a cancel", "select 1")
	},
	"large_values": func() {
		db := open(nil)
		defer db.Close()
		transaction, err := db.Begin()
		check(err)
		for i, size := range []int{1<<24 - 1, 1 << 24, 1<<24 + 5, 20 << 20} {
			content := bytes.Repeat([]byte("kintsugi\x00\xff"), size/10+1)[:size]
			do(transaction, "insert", "insert into body (id, bytes) values (?, ?)", i, content)
			ask(transaction, "back", "select length(bytes), bytes from body where id = ?", i)
		}
		ask(transaction, "all", "select id, bytes, bytes from body order by id")
		check(transaction.Rollback())
	},
	"types": func() {
		for _, parse := range []bool{false, true} {
			db := open(func(config *mysql.Config) { config.ParseTime = parse })
			if !parse { // what the driver refuses to parse as times are dates of year 0
				ask(db, "text", "select * from every_type order by id")
			}
			ask(db, "prepared", "select * from every_type where id <> ? order by id", 99)
			db.Close()
		}
	},
	"metadata": func() {
		db := open(nil)
		defer db.Close()
		all := map[string]string{"types": "select * from every_type order by id"}
		for name, text := range stuff.Queries {
			all[name] = text
		}
		inOrder(all, func(name, text string) {
			for _, how := range []string{"text", "prepared"} {
				var rows *sql.Rows
				var err error
				if how == "text" {
					rows, err = db.Query(text)
				} else {
					var statement *sql.Stmt
					statement, err = db.Prepare(text)
					check(err)
					rows, err = statement.Query()
				}
				check(err)
				columns, err := rows.ColumnTypes()
				check(err)
				for _, column := range columns {
					precision, scale, decimal := column.DecimalSize()
					nullable, known := column.Nullable()
					length, sized := column.Length()
					say(name+" "+how, fmt.Sprint(column.Name(), " ", column.DatabaseTypeName(), " ", column.ScanType(), " ", precision, scale, decimal, nullable, known, length, sized))
				}
				rows.Close()
			}
		})
	},
	"time_zones": func() {
		for _, hours := range []int{0, 3, -5} {
			zone := fmt.Sprintf("%+03d:00", hours)
			db := open(func(config *mysql.Config) {
				config.ParseTime = true
				config.Loc = time.FixedZone(zone, hours*3600)
				config.Params = map[string]string{"time_zone": "'" + zone + "'"}
			})
			transaction, err := db.Begin()
			check(err)
			when := time.Unix(1790000000, 123000000)
			do(transaction, zone, "insert into moment values (8, ?, ?)", when, when)
			ask(transaction, zone, "select at, wall, unix_timestamp(at), @@time_zone from moment where id = 8")
			check(transaction.Rollback())
			db.Close()
		}
	},
	"charsets": func() {
		for _, collation := range []string{"utf8mb4_general_ci", "utf8mb4_bin", "latin1_swedish_ci"} {
			db := open(func(config *mysql.Config) { config.Collation = collation })
			ask(db, collation, "select @@character_set_client, @@collation_connection, 'a' = 'A'")
			ask(db, "words", "select * from word order by id")
			db.Close()
		}
	},
	"transactions": func() {
		db := open(nil)
		defer db.Close()
		labels := "select id, label from counter where id between 1000 and 1999 order by id"
		transaction, err := db.Begin()
		check(err)
		do(transaction, "insert", "insert into counter values (1000, 'a'), (1001, 'b'), (1002, 'c')")
		ask(transaction, "own", labels)
		ask(db, "not yet", labels)
		check(transaction.Rollback())
		ask(db, "rolled back", labels)
		transaction, err = db.BeginTx(background, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
		check(err)
		do(transaction, "insert", "insert into counter values (?, ?)", 1000, "a")
		do(transaction, "savepoint", "savepoint s")
		do(transaction, "insert", "insert into counter values (1001, 'b')")
		do(transaction, "back", "rollback to s")
		check(transaction.Commit())
		ask(db, "committed", labels)
		do(db, "delete", "delete from counter where id between 1000 and 1999")
		transaction, err = db.BeginTx(background, &sql.TxOptions{ReadOnly: true})
		check(err)
		do(transaction, "read only", "insert into counter values (1004, 'e')")
		check(transaction.Rollback())
	},
	"isolation": func() {
		db := open(nil)
		defer db.Close()
		amount := "select amount from purchase where person_id = 2"
		for _, level := range []sql.IsolationLevel{sql.LevelReadUncommitted, sql.LevelReadCommitted, sql.LevelRepeatableRead} {
			transaction, err := db.BeginTx(background, &sql.TxOptions{Isolation: level})
			check(err)
			ask(transaction, "before", amount)
			do(db, "other", "update purchase set amount = amount + 1 where person_id = 2")
			ask(transaction, "meanwhile", amount)
			check(transaction.Commit())
		}
		do(db, "back", "update purchase set amount = amount - 3 where person_id = 2")
	},
	"errors": func() {
		db := open(nil)
		defer db.Close()
		inOrder(stuff.Errors, func(name, text string) { do(db, name, text) })
		inOrder(stuff.Errors, func(name, text string) {
			statement, err := db.Prepare(text)
			if err == nil {
				_, err = statement.Exec()
				statement.Close()
			}
			say(name+", prepared", errorOf(err))
		})
	},
	"locks": func() {
		db := open(nil)
		defer db.Close()
		transaction, err := db.Begin()
		check(err)
		do(transaction, "lock", "update person set age = 1 where id = 1")
		other := single(db)
		defer other.Close()
		do(other, "set", "set innodb_lock_wait_timeout = 1")
		do(other, "lock wait", "update person set age = 2 where id = 1")
		check(transaction.Rollback())
		id := number(other, "select connection_id()")
		var group sync.WaitGroup
		group.Add(1)
		go func() {
			defer group.Done()
			for !runs(db, id) {
			}
			_, err := db.Exec(fmt.Sprint("kill query ", id))
			check(err)
		}()
		ask(other, "killed", "select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0")
		group.Wait()
		ask(other, "afterwards", "select 7")
	},
	"insert_ids": func() {
		db := open(nil)
		defer db.Close()
		connection := single(db)
		defer connection.Close()
		first := do(connection, "one", "insert into counter (label) values ('one')")
		say("is last_insert_id()", number(connection, "select last_insert_id()") == first)
		many := do(connection, "many", "insert into counter (label) values (?), (?)", "m1", "m2")
		say("grows", many > first)
		say("chosen", do(connection, "chosen", "insert into counter values (50000, 'chosen')"))
		say("given", do(connection, "update", "update counter set id = last_insert_id(id) where id = 50000"))
		_, err := connection.ExecContext(background, "delete from counter")
		check(err)
	},
	"affected_rows": func() {
		for _, found := range []bool{false, true} {
			db := open(func(config *mysql.Config) { config.ClientFoundRows = found })
			transaction, err := db.Begin()
			check(err)
			for _, text := range []string{"update person set email = email where id = 1", "update person set age = 30", "update person set age = 31 where id in (1, 2, 77)",
				"insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78", "replace into purchase values (1, 1, 1, 'x')", "delete from purchase where amount > 50"} {
				do(transaction, fmt.Sprint(found, " ", text), text)
			}
			check(transaction.Rollback())
			db.Close()
		}
	},
	"warnings": func() {
		db := open(nil)
		defer db.Close()
		transaction, err := db.Begin()
		check(err)
		inOrder(map[string]string{"truncated": stuff.Warnings["truncated"], "drop": stuff.Warnings["two_rows"]}, func(name, text string) {
			do(transaction, name, text)
			ask(transaction, name, "show warnings")
		})
		check(transaction.Rollback())
	},
	"pools": func() {
		db := open(nil)
		defer db.Close()
		db.SetMaxOpenConns(4)
		var group sync.WaitGroup
		var failed sync.Map
		for worker := 0; worker < 16; worker++ {
			group.Add(1)
			go func(worker int) {
				defer group.Done()
				for i := 0; i < 20; i++ {
					var id int
					if err := db.QueryRow("select id from person where id = ?", i%5+1).Scan(&id); err != nil || id != i%5+1 {
						failed.Store(worker, fmt.Sprint(err, id))
					}
				}
			}(worker)
		}
		group.Wait()
		failed.Range(func(worker, what interface{}) bool { say("failed", what); return true })
		say("open connections", db.Stats().OpenConnections)
		connection := single(db)
		say("reset", errorOf(connection.Raw(func(raw interface{}) error { return raw.(driver.SessionResetter).ResetSession(background) })))
		connection.Close()
	},
	"reconnect": func() {
		db, other := open(nil), open(nil)
		defer db.Close()
		defer other.Close()
		db.SetMaxOpenConns(1)
		id := number(db, "select connection_id()")
		do(other, "kill", fmt.Sprint("kill ", id))
		again := number(db, "select connection_id()") // database/sql tries a lost connection's statement on a new one
		say("another", again != id)
	},
	"load_data": func() {
		db := open(nil)
		defer db.Close()
		lines := ""
		for i := 0; i < 1000; i++ {
			lines += fmt.Sprintf("%d,%d,%d.5,line %d\n", 300+i%3, i, i, i)
		}
		file, err := os.CreateTemp("", "kintsugi")
		check(err)
		defer os.Remove(file.Name())
		_, err = file.WriteString(lines)
		check(err)
		mysql.RegisterLocalFile(file.Name())
		transaction, err := db.Begin()
		check(err)
		do(transaction, "loaded", strings.Replace(stuff.LoadData, "{file}", file.Name(), 1))
		ask(transaction, "sums", "select person_id, count(*), sum(amount) from purchase where person_id >= 300 group by person_id order by 1")
		check(transaction.Rollback())
	},
	"procedures": func() {
		db := open(func(config *mysql.Config) { config.MultiStatements = true })
		defer db.Close()
		connection := single(db)
		defer connection.Close()
		ask(connection, "call", "call totals(1, @total)")
		ask(connection, "out", "select @total")
		ask(connection, "prepared", "call totals(?, @total)", 2)
		ask(connection, "out", "select @total")
	},
}

func main() {
	read := func(path string, into interface{}) {
		text, err := os.ReadFile(path)
		check(err)
		check(json.Unmarshal(text, into))
	}
	read(os.Args[1], &given)
	read(given.Material, &stuff)
	for _, step = range given.Steps {
		func() {
			defer func() {
				if crashed := recover(); crashed != nil {
					line(map[string]interface{}{"crashed": fmt.Sprint(crashed)})
				}
			}()
			steps[step]()
			line(map[string]interface{}{"done": true})
		}()
	}
}
