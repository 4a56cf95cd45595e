// Every sentence the widget says itself. Each can be changed on the element: data-text-send="Go".

const WORDS = {
  en: {
    title: "Chat with us",
    launcher: "Ask us",
    launcherUnread: { one: "Open the chat, 1 new message", other: "Open the chat, {count} new messages" },
    close: "Close the chat",
    person: "Talk to a person",
    personAsk: "I'd like to talk to a person",
    personWaiting: "A person will join",
    personHere: "A person is here",
    log: "Conversation",
    greeting: "Hello. Ask about our rules in your own words. You get the rule, what it means for you, and what you can do.",
    suggestions: "Questions to start with",
    examples: "How long do I have to return something?|My parcel is late. What can I do?|My kettle stopped working|Can I still cancel my order?",
    label: "Your message",
    hint: "Enter sends. Shift and Enter starts a new line.",
    placeholder: "Write your question",
    send: "Send",
    counter: "{count} of {most} characters",
    tooLong: "{count} of {most} characters. Please send it in parts.",
    you: "You",
    bot: "Assistant",
    agent: "Our team",
    system: "Notice",
    says: "{who} said:",
    spoken: "{who}: {text}",
    choicesSpoken: "You can choose: {choices}.",
    choices: "Answers you can choose",
    chosen: "chosen",
    sources: "Sources",
    clauseLoading: "Fetching the clause",
    clauseFailed: "The clause could not be fetched.",
    clausePage: "Read the whole policy",
    receipt: "Receipt",
    receiptId: "Receipt number",
    receiptPolicy: "Policy",
    receiptOutcome: "Outcome",
    receiptDate: "As of",
    receiptClauses: "Clauses",
    copy: "Copy the receipt",
    copied: "Copied",
    copyFailed: "Select the text above to copy it",
    typing: "An answer is on its way",
    sending: "Sending",
    sent: "Sent",
    waiting: "Kept, and sent as soon as possible",
    failed: "Not sent yet",
    retry: "Try again",
    queuePlace: { one: "You are next in line.", other: "You are number {count} in line." },
    queueWait: { one: "About 1 minute to go.", other: "About {count} minutes to go." },
    queueOpens: "Our team is back {when}.",
    rate: "How did we do?",
    scores: "Very poor|Poor|Fair|Good|Very good",
    solved: "Was it solved?",
    rateWords: "Anything to add? (optional)",
    rateSend: "Send rating",
    rateSkip: "Not now",
    rated: "Thank you for telling us.",
    save: "Download this conversation",
    broken: "That did not work. Please try again.",
    newMessage: "New message",
    moreBelow: "More below",
    announceClosed: { one: "1 new message in the chat", other: "{count} new messages in the chat" },
    connecting: "Connecting",
    offline: "You are offline. What you write is kept and will be sent.",
    unreachable: "We can't be reached just now. What you write is kept and will be sent.",
    fresh: "Your earlier conversation has ended. This is a new one.",
    yes: "yes",
    no: "no",
  },
};

/** The words of a language, or its nearest, under the element's own. */
export function wordsFor(language, dataset = {}) {
  const words = WORDS[language] ?? WORDS[language.split("-")[0]] ?? WORDS.en;
  const own = Object.entries(dataset)
    .filter(([key]) => key.startsWith("text") && key.length > 4)
    .map(([key, text]) => [key[4].toLowerCase() + key.slice(5), text]);
  const all = { ...words, ...Object.fromEntries(own) };
  const plural = new Intl.PluralRules(language);

  return function say(key, slots = {}) {
    let text = all[key] ?? "";
    if (typeof text === "object") text = text[plural.select(slots.count)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);
  };
}
