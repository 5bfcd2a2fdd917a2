/*
 * c_scan - the two ways of "schoolgatectl scan": mail files (c_scan.c), which go
 * through the scanner, and lines of text (scan_lines.c), which are matched here
 * with the same rules and no mail around them.
 */
#ifndef SG_CTL_C_SCAN_H
#define SG_CTL_C_SCAN_H

#include "ctl/ctl.h"

/* {"id","text"} a line on stdin; one answer a line, in the same order.  A line that is
 * not such an object is answered with {"error"}, and the exit code is 6. */
SgExit sg_scan_lines(SgCtl *c);

#endif
