/*
 * pictures - schoolgate-ocr, as the zygote keeps it.
 *
 *   zygote --starts--> schoolgate-ocr <--socketpair for each place--> worker (page/ocr.h)
 *
 * One process reads the pictures of all workers, one after the other, with a low priority.
 * The zygote holds both ends of each pair, so that a new worker, or a new schoolgate-ocr
 * after it died, has the same ones.  It dies with the zygote.
 */
#ifndef SG_POOL_PICTURES_H
#define SG_POOL_PICTURES_H

#include <sys/types.h>

#include "base/options.h"

typedef struct SgPictures SgPictures;

/* Waits until it is locked in and ready.  SG_ERR_SETUP: not installed, no language. */
SgPictures *sg_pictures_start(const SgOptions *o, guint places, GError **error);
void	    sg_pictures_stop(SgPictures *p);
int	    sg_pictures_socket(const SgPictures *p, guint place);	/* the worker's end */
/* A child has ended: TRUE when it was this one; it is started again a little later. */
gboolean    sg_pictures_gone(SgPictures *p, pid_t pid);
void	    sg_pictures_tick(SgPictures *p);

#endif
