"""Whether a comment is English enough for an English word list: by how many of its words are known.

A text of which VADER knows no word would look calm, and one in Spanish would be rated by its "no". So at
least half of the words must be known, and one of them must not be spelt alike in another language that
young people here write (`_SHARED`), unless all are known: "so true" is English, "so schön" and "no me
gusta nada" are not. In one or two words this errs both ways: "slay Manchester" passes, a lone name or a
new word does not, and "super genial" does, since VADER has both.

The list and the rule were tried on invented lines only, by one author. What they keep and lose of real
comments has not been measured.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

LEAST_SHARE: Final = 0.5
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")

_COMMON_WORDS: Final = """
a an the this that these those some any no every each all both either neither other another such same i
me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our
ours ourselves they them their theirs themselves one ones someone somebody something anyone anybody
anything everyone everybody everything nobody nothing none who whom whose which what and or but nor so
yet if than then because cause cos coz cuz since until while though although unless whether as of at by
for with without about against between into through during before after above below to from up down in
out on off over under across along around behind near again once here there when where why how far away
back ahead am is are was were be been being isnt arent wasnt werent aint do does did doing done dont
doesnt didnt have has had having havent hasnt hadnt can could cant cannot couldnt will would wont wouldnt
shall should shouldnt may might must mustnt need needs needed needing ought im ive id ill youre youve
youd youll hes shes theyre theyve theyd theyll weve wed thats theres heres whats whos wheres hows whys
lets shouldve couldve wouldve not never ever always often sometimes usually still already just only even
also too very really quite rather almost enough maybe perhaps probably actually basically literally
honestly obviously totally more most less least many much few lot lots bit little half whole now today
tonight tomorrow yesterday soon later ago early late day days week weeks month months year years time
times night morning hour hours minute minutes moment weekend birthday go goes going gone went come comes
coming came get gets getting got gotten give gives giving gave given take takes taking took taken make
makes making made put puts keep keeps keeping kept let leave leaves leaving left say says saying said
tell tells telling told talk talks talking talked speak speaking spoke ask asks asking asked answer know
knows knowing knew known think thinks thinking thought feel feels feeling felt see sees seeing saw seen
look looks looking looked watch watches watching watched hear hears hearing heard listen listening read
reading write writing wrote show shows showing showed want wants wanted wanting wish try tries trying
tried use uses using used find finds finding found start starts started stop stops stopped wait waiting
waited stay stays stayed live lives living lived work works working worked play playing run running walk
walking sit sitting stand standing sleep sleeping eat eating drink call calls called calling turn turns
turned happen happens happened happening mean means meant believe understand understands remember forget
learn learning learned learnt teach change changes changed seem seems guess became become becomes grow
growing follow following post posted posting share sharing send sending sent buy bought pay paid open
close move moved bring brought thing things stuff way ways people person man men woman women girl girls
boy boys guy guys kid kids child children baby friend friends family mum mums mam mom dad dads brother
sister nan grandma grandad son daughter teacher teachers doctor doctors gp nhs school college uni class
job home house room place places town city country world life name word words question story part side
end point reason idea kind sort type number video videos vid vids page account comment comments song
music food water money phone head face eye eyes hand hands body mind brain hair heart health mental new
old young big small long short high low different next last first second two three four five real right
wrong true own able hard ready normal weird black white red blue green yes yeah yep yup yh ye nah nope ok
okay kk hi hey hello hiya bye please pls plz thank thanks ty thx cheers sorry oh ooh ah aww omg lol lmao
lmfao rofl haha hahaha xd idk idc tbh imo ngl btw fr frfr ong irl rn tho bc wtf smh ikr omfg tysm ily ur
u r n y k dm fyi asap af gonna gotta wanna kinda sorta dunno lemme gimme tryna finna innit init bruv bro
bruh sis mate babe hun luv fam mandem peng leng bare wagwan peak safe sick proper dead well mad lads lad
lass wee aye ta quid knackered gutted chuffed reckon rubbish bloody cheeky minging mingin chav skint faff
telly slay slayed slaying queen king icon iconic ate vibe vibes mood relatable goat lit fire cringe sus
simp stan based bestie legit lowkey highkey deadass periodt period bet facts cap
"""
"""Frequent words and how they are shortened; apostrophes are left out."""

_SHARED_WORDS: Final = """
a an am as at on in is it to do go he me my no so or of us we was war man men die gift bad hell super
fatal real ideal normal original error doctor idea once come more son sin over week water warm hand name
video videos post story fan lol lmao haha hahaha xd omg wtf ok okay hey hi y u n k r fr stop pain but
four genial fine mine page place point question type comment long grand ha ye i dm live song bro babe
king queen mad oh ah bye sorry baby cool top not also will all care are
"""
"""Known words that prove nothing: another language spells one of its own so, or all have borrowed it."""

_COMMON: Final = frozenset(_COMMON_WORDS.split())
_SHARED: Final = frozenset(_SHARED_WORDS.split())


def is_english(text: str, lexicon: Container[str]) -> bool:
    """Whether a normalised text is to be scored. `lexicon` knows more English words, in lower case.

    A text without a word (emoji, emoticons, figures) has no language, and is scored.
    """
    words = _words(text, lexicon)
    known = [word for word in words if _is_known(word, lexicon)]
    drawn_out = [word for word in words if word not in known and _is_known(_shorter(word), lexicon)]
    if len(known) + len(drawn_out) == len(words):
        return True
    proves = any(word not in _SHARED for word in known)
    return proves and len(known) + len(drawn_out) >= LEAST_SHARE * len(words)


def _words(text: str, lexicon: Container[str]) -> list[str]:
    """In lower case. An emoticon of the lexicon is none, although ":D" has a letter."""
    parts = (part for part in text.lower().split() if _WORD.fullmatch(part) or part not in lexicon)
    return [word for part in parts for word in _WORD.findall(part)]


def _is_known(word: str, lexicon: Container[str]) -> bool:
    """Also as a possessive."""
    spellings = (word, word.replace("'", ""), word.removesuffix("'s"))
    return any(spelling in _COMMON or spelling in lexicon for spelling in spellings)


def _shorter(word: str) -> str:
    """The word before its end was drawn out: "soo". "Gott" would be "got" too, so this proves nothing."""
    return word[:-1] if word[-2:-1] == word[-1] else word
