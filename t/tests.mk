# Every test is a program that prints TAP: a script t/NN-*.t, or a C program in
# t/unit/.  "make check" builds the C programs and runs all of them with prove.
UNIT_TESTS =
SCRIPT_TESTS =
EXTRA_DIST += $(SCRIPT_TESTS)

# base
UNIT_TESTS += t/unit/wire t/unit/options t/unit/log t/unit/sealed
t_unit_log_SOURCES = t/unit/log.c
t_unit_log_LDADD = $(BASE_LIBS)
t_unit_sealed_SOURCES = t/unit/sealed.c
t_unit_sealed_LDADD = $(BASE_LIBS)
t_unit_wire_SOURCES = t/unit/wire.c
t_unit_wire_LDADD = $(BASE_LIBS)
t_unit_options_SOURCES = t/unit/options.c
t_unit_options_LDADD = $(BASE_LIBS)

# model
UNIT_TESTS += t/unit/model
t_unit_model_SOURCES = t/unit/model.c
t_unit_model_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
t_unit_model_LDADD = $(MODEL_LIBS)

# rules of the tree
SCRIPT_TESTS += t/00-rooms.t t/00-sizes.t

check_PROGRAMS += $(UNIT_TESTS)
check-local:
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
	prove --exec '' $(PROVE_FLAGS) $(UNIT_TESTS) $(addprefix $(srcdir)/,$(SCRIPT_TESTS))
