package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.WORKER;
import static io.atelier.gateway.lifecycle.JobEventFixtures.image;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requestedWithWebhook;
import static io.atelier.gateway.lifecycle.JobEventFixtures.split;
import static io.atelier.gateway.lifecycle.JobEventFixtures.splitRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.messaging.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WebhookBodyTests {

    private static final Instant AT = NOON.plusMillis(100);

    @Test
    void aSuccessNamesTheImagesAndWhereTheyAre() {
        var job = job(requestedWithWebhook(), succeeded("generate", 1));

        assertThat(WebhookBody.json(job, "generation.succeeded", AT.plusNanos(1)))
                .isEqualTo("""
                        {"type":"generation.succeeded","timestamp":"2026-11-21T12:00:00.100Z","data":{"id":"ID",\
                        "object":"generation","version":2,"status":"succeeded","client_ref":null,\
                        "labels":{"campaign":"q4"},"model":"test-card",\
                        "images":[{"index":0,"url":"/v1/generations/ID/images/0","sha256":"DIGEST","width":64,"height":64}],\
                        "urls":{"self":"/v1/generations/ID","images":"/v1/generations/ID/images",\
                        "events":"/v1/generations/ID/events"}}}""".replace("ID", JOB.value()).replace("DIGEST", "ab".repeat(32)));
    }

    @Test
    void aFailureSaysWhyAndIsShort() {
        var failure = new Failure(Code.PROVIDER_AUTH, "😀".repeat(5_000));
        var job =
                job(requestedWithWebhook(), new TaskFailed(JOB, "generate", 1, AT, WORKER, failure, null, null, null));

        var outcome = outcome(job, "generation.failed");

        assertThat(outcome.at("/error/code").stringValue()).isEqualTo("provider-auth");
        assertThat(outcome.at("/error/message").stringValue()).isEqualTo("😀".repeat(1_000));
        assertThat(outcome.at("/error/retryable").booleanValue()).isFalse();
        assertThat(outcome.get("images")).isEmpty();
    }

    @Test
    void aJobThatOnlySplitsHasNoModelButAGrid() {
        var outcome = outcome(job(splitRequested(), split("split", 1)), "generation.succeeded");

        assertThat(outcome.get("model").isNull()).isTrue();
        assertThat(outcome.at("/urls/grid").stringValue()).isEqualTo("/v1/generations/" + JOB + "/images/grid");
    }

    @Test
    void ofManyImagesTheFirstOnesAreListedAndAllAreCounted() {
        var outcome = outcome(job(requestedWithWebhook(), images(1_024)), "generation.succeeded");

        assertThat(outcome.get("images")).hasSize(50);
        assertThat(outcome.at("/images/49/index").intValue()).isEqualTo(49);
        assertThat(outcome.get("images_total").intValue()).isEqualTo(1_024);
        assertThat(outcome(job(requestedWithWebhook(), images(50)), "generation.succeeded")
                        .has("images_total"))
                .isFalse();
    }

    @Test
    void longLabelsLeaveRoomForFewerImages() {
        var outcome = outcome(job(labeled("€".repeat(256)), images(60)), "generation.succeeded");

        assertThat(outcome.get("labels")).hasSize(16);
        assertThat(outcome.get("images")).hasSize(10);
        assertThat(outcome.get("images_total").intValue()).isEqualTo(60);
    }

    @Test
    void labelsThatDoNotFitAreLeftOut() {
        var outcome = outcome(job(labeled("\u0001".repeat(256)), images(60)), "generation.succeeded");

        assertThat(outcome.has("labels")).isFalse();
        assertThat(outcome.get("images")).hasSize(50);
    }

    @Test
    void imagesOfAnAvatarHaveThePlacesOfTheirCopies() {
        var events = new ArrayList<JobEvent>(List.of(AvatarFixtures.requested(AvatarFixtures.avatar(20))));
        for (var task : TaskPlan.ofRequests().tasks((JobEvent.GenerationRequested) events.get(0))) {
            events.add(AvatarFixtures.succeeded(task.name(), 1, AT, 20));
        }

        var outcome = outcome(job(events.toArray(JobEvent[]::new)), "generation.succeeded");

        assertThat(outcome.get("images")).hasSize(20);
        assertThat(outcome.get("images").get(19).get("bucket").stringValue()).isEqualTo("avatars");
        assertThat(outcome.get("images").get(19).get("key").stringValue()).isEqualTo("avatars/42/img_19.png");
        assertThat(outcome(job(requestedWithWebhook(), images(1)), "generation.succeeded")
                        .get("images")
                        .get(0)
                        .has("key"))
                .isFalse();
    }

    private static JsonNode outcome(Job job, String type) {
        var json = WebhookBody.json(job, type, AT);
        assertThat(json.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(WebhookBody.MAX_BYTES);
        return EventCodec.json().readTree(json).get("data");
    }

    private static JobEvent labeled(String value) {
        var plain = requestedWithWebhook();
        var labels = new TreeMap<String, String>();
        IntStream.range(0, 16).forEach(i -> labels.put("key-" + i, value));
        return plain.with(plain.request().toBuilder().labels(Map.copyOf(labels)).build());
    }

    private static JobEvent images(int count) {
        var images = IntStream.range(0, count)
                .mapToObj(index -> image("generate", 1, index))
                .toList();
        return new TaskSucceeded(
                JOB, "generate", 1, AT, WORKER, images, List.of(), 40L, null, null, List.of(), null, null, null);
    }

    private static Job job(JobEvent... events) {
        return FoldedJob.after(List.of(events)).orElseThrow();
    }
}
