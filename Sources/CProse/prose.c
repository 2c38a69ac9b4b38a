#include "CProse.h"

// Embedding in C takes milliseconds; the same bytes as a Swift array literal take minutes.

// The one standard that has #embed is newer than the one SwiftPM compiles C as.
#pragma clang diagnostic ignored "-Wc23-extensions"

// One book of several files, in the order in which `explain` lists their subjects.
static const unsigned char glossary[] = {
#embed "en/glossary/killing.txt"
    ,
#embed "en/glossary/requests.txt"
    ,
#embed "en/glossary/tasks.txt"
    ,
#embed "en/glossary/mem-info.txt"
    ,
#embed "en/glossary/cgroups.txt"
    ,
#embed "en/glossary/memory-stat.txt"
    ,
#embed "en/glossary/head.txt"
    ,
#embed "en/glossary/lines.txt"
    ,
#embed "en/glossary/logs.txt"
    ,
#embed "en/glossary/settings.txt"
    ,
#embed "en/glossary/screens.txt"
    ,
#embed "en/glossary/trust.txt"
    ,
#embed "en/glossary/records.txt"
};

static const unsigned char advice[] = {
#embed "en/advice.txt"
};

static const unsigned char help[] = {
#embed "en/help.txt"
};

static const unsigned char sysctl[] = {
#embed "en/sysctl.txt"
};

CProseBook cprose_glossary(void) { return (CProseBook){glossary, glossary + sizeof glossary}; }
CProseBook cprose_advice(void) { return (CProseBook){advice, advice + sizeof advice}; }
CProseBook cprose_help(void) { return (CProseBook){help, help + sizeof help}; }
CProseBook cprose_sysctl(void) { return (CProseBook){sysctl, sysctl + sizeof sysctl}; }
