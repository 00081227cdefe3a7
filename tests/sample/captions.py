"""Every caption of the sample, invented: a singer, a talker and a football coach, all made up.

Keyed by creator and topic, in the order of posting. A caption without its topic's hashtag is there
on purpose: the campaign's keywords have to find it. Line breaks show on Instagram only.
"""

LAVELLE = {
    "finding-help": [
        "Three people you can talk to at school before things feel too big 💛 #findhelpearly #sheffield",
        'I thought asking for help meant being "weak". It does not. Ask early.\n\n#findhelpearly',
        "Singing you the list of where to get help in Sheffield, so it stays in your head 🎶",
        "My first appointment: what they asked, what I said, & the biscuit I got after #findhelpearly",
        "You can bring a friend with you. Nobody told me that.\n\n#findhelpearly #youcanask",
    ],
    "finding-help:question": [
        "Who would you tell first? 💬 Mine was my aunty.\n\n#findhelpearly #sheffield",
        "Would you know where to get help on a Sunday night? Here are three places 👇",
        'What does "early" even mean? Before it hurts, that is when. #findhelpearly',
        "Is your friend quieter than usual? One sentence you can send right now 💌 #findhelpearly",
        "Scared of your first appointment? I sang the waiting room song so you don't have to 🎤",
        "How long is too long to feel low? Tell me what you think 👇\n\n#findhelpearly",
        "What would you ask a school nurse if nobody could hear? Answers on Friday! #findhelpearly",
        'Did anyone ever say "just cheer up" to you? What helped your mental health? #findhelpearly',
    ],
    "learning-disability": [
        "Meet my cousin. He has a learning disability AND the better voice 🎶 #seetheperson",
        "Talk to the person, not to the person next to them. That's it, that's the video #seetheperson",
        "Easy words are not baby words. Easy words are good manners ✨\n\n#seetheperson #learningdisability",
        "Got a learning disability? There's an annual health check for you from age 14, free 📣",
        'We asked five people what they want you to know. Number 4 said "I can vote" 🗳️ #seetheperson',
        "Give people ten more seconds to answer. Count with me 🎵 #seetheperson",
        "Choir night! Everyone in this choir learns differently & nobody misses a beat <3 #seetheperson",
        "His job, his bus, his money, his rules. Happy Tuesday 😎\n\n#learningdisability",
        "Autism and a learning disability are not the same thing. 40 seconds, two friends #seetheperson",
    ],
    "neurodiversity": [
        "My brain has 19 tabs open and one of them is playing music 🎧 #mybrainworks",
        "Loud canteen? Same. Here's my tiny quiet kit 🎒\n\n#mybrainworks #sheffield",
        "Things my teachers called lazy that were ADHD all along",
        "I write songs in one night and forget my keys every day. Both are me 🔑 #mybrainworks",
        '"You don\'t look autistic." What should it look like?? Be nice in the replies 💜 #neurodiversity',
        "Body doubling: study with me for 25 minutes, no talking 📚 #mybrainworks",
        "To the kid who taps on every table: you're a drummer, keep going 🥁\n\n#mybrainworks",
    ],
    "talking": [
        "How we talk about mental health at home: badly, then better, then with rice & peas 🍚 #talkathome",
        'My mum said "we don\'t talk about that". Then we did. \n\n#talkathome',
        "One song, one sofa, one hard sentence 🛋️ #talkathome",
        "Text your brother first. Then knock. It works, I promise 🚪 #talkathome",
        "Grandma's advice & the nurse's advice, side by side. Guess who said what 😂 #talkathome",
        "I made a card game for the dinner table. First question: what was heavy today? #talkathome",
        "Mental health words my family uses instead: tired, heavy, far away.\n\nWhat are yours?",
        "It's okay if the first talk is only two minutes long ⏱️ #talkathome",
        'He said "I am fine" three times. So I sat down anyway <3\n\n#talkathome #sheffield',
    ],
}

AMIRA = {
    "finding-help": [
        "What you tell your GP stays private, unless somebody is in danger 🌷 #findhelpearly",
        "Five small signs that I needed help before I knew it #findhelpearly #sheffield",
        "Interpreter? Yes, you can ask for one, it is free ☎️\n\n#findhelpearly",
        "I phoned, I waited, I phoned again. What I wish I had known about waiting #findhelpearly",
    ],
    "finding-help:question": [
        "Can you ask for a woman doctor? Yes. Here's the sentence to say 🗣️ #findhelpearly",
        "What do you do when the list is long? Three things for the waiting weeks 🕊️\n\n#findhelpearly",
        "Do you need good English for a first appointment? No! Watch till the end 🌙",
        "Who is your 2 a.m. person? If you have none, save this one 💙 #findhelpearly",
        "Where does faith fit in when you ask for help? My honest answer \n\n#findhelpearly #sheffield",
    ],
    "learning-disability": [
        "My sister explains her hospital passport better than I ever could 🏥 #seetheperson",
        "In our community people whisper about it. We stopped whispering 📢\n\n#seetheperson",
        "What an annual health check looks like, from blood pressure to lollipop 🍭",
        'She is not "a blessing" or "a burden". She is Noor, she is 19, she likes maths #seetheperson',
        "Making tea with step-by-step pictures: easy read for the win ☕ #learningdisability",
        "Weddings with my sister: ear defenders match the dress 👗✨ #seetheperson",
        "Ask me how I like to be asked. A short film by the Tuesday group 🎬\n\n#seetheperson",
        "Learning disability is not an illness, so stop asking when she'll get better 🙏",
    ],
    "neurodiversity": [
        "Girls with ADHD are often the quiet ones at the window 🪟 #mybrainworks",
        "Eid, noise and autism: how we plan a soft day 🌙\n\n#mybrainworks",
        "Ramadan routine change & my brain says no. What helps me 👇 #mybrainworks",
        "I was 17 when somebody said the word neurodivergent and I cried happy tears",
        "Stimming at a wedding = dancing. You're welcome 💃 #neurodiversity",
        "POV: you explain your homework in one breath and nobody else breathes 😅 #mybrainworks",
        "Time blindness is real, I brought receipts (all of them late) 🧾\n\n#mybrainworks",
        "ADHD and a learning disability can come together. Salma's story, with her okay 🤍 #mybrainworks",
        "My list for a good school day: window seat, one warning, no surprises ✅ #neurodiversity",
    ],
    "talking": [
        "كيف حالك is a real question. Wait for the real answer 🌿 #talkathome",
        'In Arabic we say "my chest is tight". Doctors should know that one\n\n#talkathome',
        "Baba doesn't say sorry. Baba cuts fruit. Let's talk about it 🍊 #talkathome",
        "How to start talking about mental health with your mum, in the car, not looking at her 🚗",
        "Three questions for tea ☕\n\n1. What made you laugh?\n2. What was heavy?\n3. Again?\n\n#talkathome",
        "You can love your family & still need a door to close 🚪 #talkathome",
        "My uncle asked me how therapy works. At a barbecue. I was so proud 🥹 #talkathome",
    ],
}

KOFI = {
    "finding-help": ["Demander de l'aide, c'est comme lever la main sur le terrain ✋ #findhelpearly"],
    "finding-help:question": [
        "Tu sais à qui parler quand ça ne va pas ? Trois numéros, une minute ⏱️ #findhelpearly",
        "Pourquoi attendre la blessure pour voir le kiné ? La tête, c'est pareil 🧠 #findhelpearly",
    ],
    "learning-disability": [
        "Dans mon équipe, chacun apprend à son rythme ⚽ #seetheperson",
        'Moussa dit : "explique-moi une fois, lentement". Alors on explique lentement 💚 #seetheperson',
        "Samedi, match pour tous & goûter après ! #learningdisability #seetheperson",
    ],
    "neurodiversity": [
        "Il ne tient pas en place ? Parfait, il jouera ailier 😄 #mybrainworks",
        "Le sifflet lui fait mal aux oreilles, alors on lève un drapeau jaune 💛 #mybrainworks",
        "Un cerveau différent, une passe que personne n'avait vue #neurodiversity",
    ],
    "talking": [
        "Chez nous on disait « sois fort ». Aujourd'hui je dis « parle-moi » 💬 #talkathome",
        "La santé mentale, ça se travaille aussi à l'entraînement 🏃🏾",
        "Un père, un fils, un ballon : les meilleures discussions #talkathome",
    ],
}

CAPTIONS = {"lavelle": LAVELLE, "amira": AMIRA, "kofi": KOFI}
