package io.atelier.benchmark.overhead;

/** Stages of a job in their usual order. Times are measured from the scheduled time of the POST. */
enum JobStage {
    /** Received from the topic of generation requests. */
    REQUESTED("request in Kafka", "the request record of the gateway, as received by the benchmark"),
    RESPONDED("POST response", "202, sent after the view of the gateway contains the job"),
    LEASED("leased", "the time in the first report of the worker, which is published later"),
    STORED("stored", "the time in the last report of the worker: the image is generated and stored"),
    REPORTED("report in Kafka", "the last report of the worker, as received by the benchmark"),
    PUBLISHED("published", "the public event, as received by the benchmark: the end-to-end time"),
    VISIBLE("visible", "GET returns terminal, polled from the public event on; only for one job at a time");

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
