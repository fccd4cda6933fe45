// How found pages are ranked, as Sphinx does it, but what people wrote before what was made of a ruleset.
var Scorer = {
  score: (result) => result[4] - (/^(ruleset|assistance_rules)\/(clauses|departments)/.test(result[0]) ? 4 : /^(ruleset|assistance_rules|adr)\//.test(result[0]) ? 2 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
