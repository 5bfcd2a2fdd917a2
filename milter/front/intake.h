/*
 * intake - libmilter reads and writes through a buffer, not five times a packet.
 *
 * For each packet of the mail server libmilter asks twice whether there is something
 * to read, reads five bytes, asks again, and reads the rest: a hundred system calls
 * for a small mail, which were half of what the milter cost.  There is no setting for
 * it.  So the calls it makes (accept, poll, read, writev, close) are defined here, in
 * the program, where the dynamic linker finds them before the C library's.  A socket
 * that came from accept() has a buffer: whatever the server has sent so far is taken
 * at once, and poll() and read() are answered from it while it lasts.  Any other
 * descriptor goes on to the kernel just as before.
 *
 * It writes (writev) one packet at a time too, and asks before each whether there is room.
 * Here there is, until a write finds none; and what changes the message (a header field, a
 * recipient) waits for the answer that always follows it, and leaves with it: the server
 * is woken once.  A call of smfi_progress() sends what waits.
 *
 * A large body is not copied twice: what a read() asks for goes where it wants it,
 * only what lies behind it into the buffer.
 *
 * As libmilter promises, one thread at a time works with a socket; different sockets
 * may be used by different threads.  It belongs to the program, not to the library of
 * the room: whoever links it has these calls.
 */
#ifndef SG_FRONT_INTAKE_H
#define SG_FRONT_INTAKE_H

/* Bytes taken ahead of what libmilter asked for, at most, for each connection. */
#define SG_INTAKE_AHEAD 8192u
/* Bytes of changes that wait for their answer, at most. */
#define SG_INTAKE_HELD 1024u
/* Descriptors above this have no buffer. */
#define SG_INTAKE_MOST	32768u

#endif
