package io.atelier.gateway.lifecycle;

import java.util.Locale;

/** The ways in which the topics and the state store of the lifecycle can disagree about a job after one of their logs lost its last records. */
enum Discrepancy {
    /** The lifecycle consumed an input, but its store does not contain the effect. */
    INPUT("a consumed input had no effect and is applied again"),
    /** The topic {@code events} lacks the event of a version. */
    EVENT("its event was missing and is published again"),
    /** The topic {@code jobs}, or the view, lacks the last state. */
    STATE("its state was missing and is published again"),
    /** The topic of deliveries lacks the one about the end of the job. */
    WEBHOOK("the delivery to its webhook was missing and is published again"),
    /** No worker holds the current task, and none will get it. */
    TASK("its task was lost and is published again");

    private final String explanation;

    Discrepancy(String explanation) {
        this.explanation = explanation;
    }

    /** The value of the tag in metrics. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What was wrong and what is done about it, for logs. */
    String explanation() {
        return explanation;
    }
}
