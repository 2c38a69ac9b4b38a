#ifndef OOMSH_CPROSE_H
#define OOMSH_CPROSE_H

/// The bytes of one book: UTF-8, not terminated by NUL, alive as long as the process.
typedef struct {
  const unsigned char *begin;
  const unsigned char *end;
} CProseBook;

CProseBook cprose_glossary(void);
CProseBook cprose_advice(void);
CProseBook cprose_help(void);
CProseBook cprose_sysctl(void);

#endif
