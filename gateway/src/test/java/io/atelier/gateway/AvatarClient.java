package io.atelier.gateway;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.gateway.view.workers.RegisteredWorker;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Duration;
import java.time.Instant;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Sends requests for avatars, with a persona whose texts are marked so that they can be searched for. */
final class AvatarClient {

    /** In each text of the persona. */
    static final String MARK = "xq-marked-text";

    static final String PERSONA = """
            {"id": "42", "firstname": "Ada xq-marked-text", "lastname": "xq-marked-text", "gender": "f",\
             "bio_facebook": "A \\"carpenter\\"\\n \u26f5 xq-marked-text", "bio_instagram": "xq-marked-text",\
             "bio_x": "", "bio_tiktok": "xq-marked-text", "ethnicity": "xq-marked-text", "age": 33}""";

    private static final String REMOTE = "generator-1-remote";
    private static final String[] ENGINES = {"openai", "automatic1111"};

    private final WebTestClient client;
    private final InMemoryEventPublisher publisher;
    private final WorkerRegistry workers;

    AvatarClient(WebTestClient client, InMemoryEventPublisher publisher, WorkerRegistry workers) {
        this.client = client;
        this.publisher = publisher;
        this.workers = workers;
    }

    /** Adds workers for all steps. */
    void addWorkers() {
        workers.put(SampleWorkers.ready(REMOTE, "remote", ENGINES), Instant.now());
        workers.put(SampleWorkers.splitter("splitter-1"), Instant.now());
    }

    /** Lets the worker of the provider leave, which other tests do not expect. */
    void removeWorkers() {
        workers.put(SampleWorkers.leaving(REMOTE, "remote", ENGINES), Instant.now());
    }

    /** Lets the worker of the provider say that it has no key. */
    void removeProviderKey() {
        workers.put(
                SampleWorkers.withState(
                        REMOTE, "remote", new EngineState("openai", EngineState.NOT_CONFIGURED, "Set OPENAI_API_KEY.")),
                Instant.now());
    }

    /** Forgets all workers of the provider's pool, as if none had ever reported its engines. */
    void forgetWorkers() {
        var longAgo = Instant.now().minus(Duration.ofDays(8));
        workers.all().stream()
                .map(RegisteredWorker::announcement)
                .filter(worker -> worker.pool().equals("remote"))
                .toList()
                .forEach(worker -> workers.put(SampleWorkers.leaving(worker.id(), "remote"), longAgo));
    }

    /** Posts an avatar of the persona with these other fields. */
    WebTestClient.ResponseSpec avatar(String fields) {
        return post("/v1/avatars", "{\"persona\": %s%s}".formatted(PERSONA, fields.isEmpty() ? "" : ", " + fields));
    }

    WebTestClient.ResponseSpec post(String path, String body) {
        return post(path, body, "Accept", MediaType.APPLICATION_JSON_VALUE);
    }

    WebTestClient.ResponseSpec post(String path, String body, String header, String value) {
        return client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .headers(headers -> headers.set(header, value))
                .bodyValue(body)
                .exchange();
    }

    /** The request that was published last. */
    GenerationRequested published() {
        return publisher.events().stream()
                .filter(GenerationRequested.class::isInstance)
                .map(GenerationRequested.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The number of records that were published. */
    int records() {
        return publisher.events().size();
    }
}
