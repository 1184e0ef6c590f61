/* What a C program tells of itself: a line of JSON for each thing seen. Settings are lines of words that tabs
 * part, as ../drivers.py writes them. */
#include <stdint.h>

struct named_sql {
  char *name, *sql;
};

struct settings {
  char *host, *user, *password, *database, *ca;
  unsigned port;
  struct named_sql queries[64], errors[64], warnings[64];
  unsigned query_count, error_count, warning_count;
  char* steps[64];
  unsigned step_count;
};

struct step {
  const char* name;
  void (*run)(const struct settings*);
};

static const char* current_step;

static void put_text(const char* text, size_t length) {
  putchar('"');
  for (size_t i = 0; i < length; ++i) {
    const unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\' || c < 0x20 || c >= 0x7f)
      printf("\\u%04x", c); /* a byte as the character of its number */
    else
      putchar(c);
  }
  putchar('"');
}

static void put_line(const char* what, const char* key, const char* text, size_t length) {
  printf("{\"step\":\"%s\",\"what\":", current_step);
  put_text(what, strlen(what));
  printf(",\"%s\":", key);
  put_text(text, length);
  puts("}");
}

__attribute__((format(printf, 2, 3))) static void say(const char* what, const char* format, ...) {
  char text[2000];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  put_line(what, "saw", text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

static void say_error(const char* what, unsigned code, const char* state, const char* message) {
  say(what, "error %u (%s) %s", code, state, message);
}

/* A value; of a long one its length and hash. NULL: null. */
static void say_bytes(const char* what, const char* value, size_t length) {
  if (!value) {
    put_line(what, "null", "", 0);
  } else if (length <= 1000) {
    put_line(what, "value", value, length);
  } else {
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < length; ++i) hash = (hash ^ (unsigned char)value[i]) * 1099511628211u;
    say(what, "%zu bytes, hash %016llx", length, (unsigned long long)hash);
  }
}

__attribute__((format(printf, 1, 2), noreturn)) static void crash(const char* format, ...) {
  char text[2000];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  put_line("crash", "crashed", text, strlen(text));
  exit(1);
}

static void read_settings(struct settings* settings, const char* path) {
  FILE* file = fopen(path, "r");
  if (!file) {
    perror(path);
    exit(2);
  }
  char* line = NULL;
  size_t room = 0;
  ssize_t length;
  memset(settings, 0, sizeof *settings);
  while ((length = getline(&line, &room, file)) > 0) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    char* rest = strdup(line); /* kept until the program ends */
    const char* key = strsep(&rest, "\t");
    char* first = strsep(&rest, "\t");
    if (!strcmp(key, "host")) settings->host = first;
    if (!strcmp(key, "user")) settings->user = first;
    if (!strcmp(key, "password")) settings->password = first;
    if (!strcmp(key, "database")) settings->database = first;
    if (!strcmp(key, "ca")) settings->ca = first;
    if (!strcmp(key, "port")) settings->port = (unsigned)atoi(first);
    if (!strcmp(key, "step")) settings->steps[settings->step_count++] = first;
    if (!strcmp(key, "queries")) settings->queries[settings->query_count++] = (struct named_sql){first, rest};
    if (!strcmp(key, "errors")) settings->errors[settings->error_count++] = (struct named_sql){first, rest};
    if (!strcmp(key, "warnings"))
      settings->warnings[settings->warning_count++] = (struct named_sql){first, rest};
  }
  free(line);
  fclose(file);
}

static int run_steps(int argc, char** argv, const struct step* steps, unsigned count) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s SETTINGS\n", argv[0]);
    return 2;
  }
  struct settings settings;
  read_settings(&settings, argv[1]);
  for (unsigned i = 0; i < settings.step_count; ++i) {
    for (unsigned k = 0; k < count; ++k) {
      if (strcmp(steps[k].name, settings.steps[i]) != 0) continue;
      current_step = steps[k].name;
      steps[k].run(&settings);
      printf("{\"step\":\"%s\",\"done\":true}\n", current_step);
      fflush(stdout);
    }
  }
  return 0;
}
