package io.atelier.benchmark.overhead;

/** A point on a job's way, in the usual order. Each is measured from the moment at which the client meant to send its POST. */
enum JobStage {
    /** Read back from the topic of orders. */
    ORDERED("order in the log", "the gateway's record, as read by the benchmark"),
    ANSWERED("POST answered", "202, after the gateway's view shows the job"),
    LEASED("leased", "as the worker's first report says; the report is written after that"),
    STORED("stored", "as the worker's last report says: the picture is drawn, and the store has it"),
    REPORTED("report in the log", "the worker's last report, as read by the benchmark"),
    ANNOUNCED("announced", "the public event, as read by the benchmark: the end-to-end figure"),
    SHOWN("shown", "GET says terminal, asked as soon as it was announced; one at a time only");

    private final String title;
    private final String meaning;

    JobStage(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    String title() {
        return title;
    }

    String meaning() {
        return meaning;
    }
}
