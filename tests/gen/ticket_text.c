#include "tests/gen/ticket_text.h"

#include "tests/gen/goods.h"
#include "tests/gen/text.h"

struct topic {
    const char *subject, *category, *opening;
};

static const struct topic topics[] = {
    {"Parcel not arrived", "delivery",
     "my parcel has not arrived, the tracking says \"delivered\"."},
    {"Late again", "delivery",
     "this is the second time the driver came a day late & without a call."},
    {"Wrong item", "return", "I ordered one thing and got another. How do I send it back?"},
    {"Refund still missing", "refund",
     "you promised the refund within 5 days, it has been 3 weeks."},
    {"Invoice question", "billing", "the amount on the invoice is > the amount you quoted me."},
    {"Charged twice", "billing", "my card was charged twice for the same order."},
    {"Change of address", "account", "we have moved, please change our address."},
    {"New e-mail", "account", "please use my new e-mail address from now on."},
    {"Points not credited", "loyalty", "the points from my last purchase are not on my card."},
    {"Cannot log in", "account", "the password link leads to an error page <404>."},
    {"Broken after a week", "warranty", "it stopped working after one week."},
    {"Instructions?", "product", "the box held no instructions. Is there a PDF?"},
    {"Cancel my order", "return", "please cancel the order, it was placed by mistake."},
    {"Thank you", "praise", "just a word of thanks to the team in the shop!"},
    {"Déjà vu", "complaint", "same fault as last year – the same café table wobbles again."},
};

static const char *const greetings[] = {"Hello,", "Dear Sir or Madam,", "Hi there,",
                                        "Good morning,", ""};
static const char *const pleas[] = {
    "Please get back to me soon.",        "I am quite disappointed & expect an answer.",
    "Could someone call me after 5 pm?",  "If it is < 10 days, that is fine with me.",
    "We have been customers since 1998.", "",
};
static const char *const closings[] = {"Regards", "Kind regards", "Thanks", "Yours faithfully",
                                       "Cheers"};

#define PICK(list, c) list[chance_below(c, sizeof(list) / sizeof(*(list)))]

void ticket_text_make(struct chance *c, struct ticket_text *ret)
{
    const struct topic *topic = &PICK(topics, c);
    ret->subject = topic->subject;
    ret->category = topic->category;
    ret->is_cdata = chance_hit(c, 0.25);
    struct text t = TEXT_ON(ret->body);
    text_add(&t, PICK(greetings, c));
    text_add(&t, "\n\n");
    text_add(&t, topic->opening);
    text_add(&t, "\nIt is about: ");
    text_add(&t, good_for(chance_next(c), c)->name);
    text_add(&t, chance_hit(c, 0.5) ? ".\r\n" : ".\n");
    text_add(&t, PICK(pleas, c));
    text_add(&t, "\n\n");
    text_add(&t, PICK(closings, c));
}
