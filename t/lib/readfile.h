/*
 * readfile - a file as the walk reads it when it comes as an attachment, for unit tests.
 */
#ifndef SG_T_READFILE_H
#define SG_T_READFILE_H

#include "model/reading.h"

/* A file of t/data; settings as in scan: { }.  Aborts the test when there is none. */
SgReading *read_sample(const char *name, const char *settings);
/* Bytes under a name. */
SgReading *read_bytes(const char *name, const void *bytes, gsize n, const char *settings);
/* All texts but names, one behind the other; tables begin with "[columns]\n". */
char	  *read_texts(const SgReading *r);

#endif
