#include "roster/rostermake.h"
#include "roster/rostersample.h"

static const struct {
	const char *given, *family, *dob, *upn, *address, *postcode;
} pupils[] = {
	{ "Mia", "Chen", "04/03/2012", "H801200001001", "14 Tannery Row", "HV1 2AB" },
	{ "Oluwaseun", "Adeyemi", "17/11/2011", "X801200001002", "3 Mill Lane", "HV1 3CD" },
	{ "Zoë", "Kowalczyk", "22/06/2012", "L801200001003", "9 Church View", "HV2 4EF" },
	{ "Finn", "O'Neill", "30/01/2012", "B801200001004", "27 Station Road", "HV2 5GH" },
	{ "Anne-Marie", "Smith-Jones", "12/09/2011", "P801200001005", "5 Orchard Close", "HV3 6JK" },
	{ "Mohammed", "al-Rashid", "08/12/2011", "T801200001006", "41 Canal Street", "HV3 7LM" },
	{ "Will", "Young", "19/05/2012", "D801200001007", "2 Park Avenue", "HV1 8NP" },
	{ "Summer", "Day", "01/07/2012", "K801200001008", "66 Priory Gardens", "HV4 9QR" },
	{ "Aarav", "Patel", "25/10/2011", "", "", "" }, { "Ffion", "Llewellyn", "14/02/2012", "", "", "" },
	{ "Jakub", "Wiśniewski", "03/08/2012", "", "", "" }, { "Amara", "Okonkwo", "28/04/2012", "", "", "" },
	{ "Callum", "MacDonald", "11/01/2012", "", "", "" }, { "Ioana", "Popescu", "07/09/2011", "", "", "" },
	{ "Thomas", "Hargreaves", "16/12/2011", "", "", "" }, { "Leila", "Hosseini", "20/03/2012", "", "", "" },
	{ "Kwame", "Mensah", "09/05/2012", "", "", "" }, { "Sofia", "van der Berg", "02/11/2011", "", "", "" },
	{ "Harriet", "Pemberton", "27/07/2012", "", "", "" }, { "Yusuf", "Demir", "05/06/2012", "", "", "" },
	{ "Niamh", "Gallagher", "13/10/2011", "", "", "" }, { "Luca", "Bianchi", "24/08/2012", "", "", "" },
	{ "Chidera", "Eze", "18/02/2012", "", "", "" }, { "Isla", "Thornbury", "06/04/2012", "", "", "" },
};

/* They need no secret. */
static const guint8 no_key[SG_ROSTER_KEY];

SgRoster *
sg_roster_sample(GError **error)
{
	static const char *const words[] = { "will", "young", "summer", "day" };
	g_autoptr(GHashTable) ordinary = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(SgRosterMaker) m = NULL;
	g_autoptr(GBytes) bytes = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		g_hash_table_add(ordinary, (gpointer)words[i]);
	m = sg_roster_maker_new(no_key, ordinary);
	for (gsize i = 0; i < G_N_ELEMENTS(pupils); i++) {
		guint32 n = sg_roster_maker_pupil(m);

		(void)sg_roster_maker_name(m, n, pupils[i].given, pupils[i].family);
		(void)sg_roster_maker_value(m, n, SG_ROSTER_DOB, pupils[i].dob);
		(void)sg_roster_maker_value(m, n, SG_ROSTER_UPN, pupils[i].upn);
		(void)sg_roster_maker_value(m, n, SG_ROSTER_POSTCODE, pupils[i].postcode);
		(void)sg_roster_maker_address(m, n, pupils[i].address, pupils[i].postcode);
	}
	bytes = sg_roster_maker_bytes(m, 0);
	return sg_roster_parse(bytes, no_key, error);
}
