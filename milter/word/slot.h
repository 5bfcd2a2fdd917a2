/*
 * slot - where a word's hash stands in a table.
 *
 * FNV-1a leaves the middle of its 64 bits nearly the same for words that differ in their
 * last letters; a table must not take its slots from there.
 */
#ifndef SG_WORD_SLOT_H
#define SG_WORD_SLOT_H

#include <glib.h>

/* A number below slots (a power of two, at most 2^32) for an FNV-1a hash. */
static inline gsize
sg_slot(guint64 hash, gsize slots)
{
	return ((hash ^ hash >> 32) * 0x9e3779b97f4a7c15u) >> 32 & (slots - 1);
}

#endif
