#ifndef OOMSH_CEDITLINE_SHIM_H
#define OOMSH_CEDITLINE_SHIM_H

// libedit sets and reads everything through variadic functions, which Swift cannot call, and wants
// the standard streams, which Swift 6 does not let through. One inline function for each use.

#include <histedit.h>
#include <langinfo.h>
#include <stdio.h>
#include <wchar.h>

typedef char *(*editline_prompt_fn)(EditLine *);
typedef unsigned char (*editline_key_fn)(EditLine *, int);

static inline EditLine *editline_start(const char *program, _Bool writes_to_stderr) {
  return el_init(program, stdin, writes_to_stderr ? stderr : stdout, stderr);
}

static inline int editline_set_number(EditLine *el, int what, int value) {
  return el_set(el, what, value);
}

static inline int editline_set_editor(EditLine *el, const char *name) {
  return el_set(el, EL_EDITOR, name);
}

static inline int editline_set_prompt(EditLine *el, editline_prompt_fn prompt, char escape) {
  return el_set(el, EL_PROMPT_ESC, prompt, escape);
}

static inline int editline_set_reader(EditLine *el, el_rfunc_t reader) {
  return el_set(el, EL_GETCFN, reader);
}

static inline int editline_set_client(EditLine *el, void *client) {
  return el_set(el, EL_CLIENTDATA, client);
}

static inline void *editline_client(EditLine *el) {
  void *client = NULL;
  el_get(el, EL_CLIENTDATA, &client);
  return client;
}

static inline _Bool editline_is_editing(EditLine *el) {
  int mode = 0;
  el_get(el, EL_EDITMODE, &mode);
  return mode != 0;
}

static inline void editline_refresh(EditLine *el) { el_set(el, EL_REFRESH); }

static inline int editline_add_function(
    EditLine *el, const char *name, const char *help, editline_key_fn function) {
  return el_set(el, EL_ADDFN, name, help, function);
}

static inline int editline_bind(EditLine *el, const char *keys, const char *function) {
  return el_set(el, EL_BIND, keys, function, NULL);
}

/// Binds in the alternative map, which is vi's command mode.
static inline int editline_bind_alternative(
    EditLine *el, const char *keys, const char *function) {
  return el_set(el, EL_BIND, "-a", keys, function, NULL);
}

static inline int editline_set_history(EditLine *el, History *past) {
  return el_set(el, EL_HIST, history, past);
}

static inline int editline_history_set_size(History *past, int count) {
  HistEvent event;
  return history(past, &event, H_SETSIZE, count);
}

static inline int editline_history_enter(History *past, const char *line) {
  HistEvent event;
  return history(past, &event, H_ENTER, line);
}

/// Columns that libedit believes a character to take; negative for one that cannot be printed.
static inline int editline_width(wchar_t character) {
  extern int wcwidth(wchar_t);
  return wcwidth(character);
}

/// Name of the character set that the locale in force uses, such as `UTF-8`.
static inline const char *editline_codeset(void) { return nl_langinfo(CODESET); }

#endif
