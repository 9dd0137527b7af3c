package io.atelier.splitter.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.storage.InMemoryObjectPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.ObjectStoreFailed.Kind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class PublishingHealthTests {

    private final ObjectStoreFailed denied = new ObjectStoreFailed(Kind.REFUSED, "Access Denied.");

    private final InMemoryObjectPublisher publisher = new InMemoryObjectPublisher(new InMemoryObjectStore());
    private final PublishingHealth health = new PublishingHealth(publisher);

    @Test
    void bucketThatCannotBeUsedIsDegradedUntilItCanBeUsed(CapturedOutput output) {
        publisher.failWith(denied);

        health.prepare();

        assertThat(health.health().getStatus()).isEqualTo(PublishingHealth.DEGRADED);
        assertThat(health.health().getDetails())
                .containsEntry("bucket", "avatars")
                .containsEntry("error", "Access Denied.");
        publisher.recover();
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        publisher.failWith(denied);
        health.prepare();
        assertThat(output.getAll().lines().filter(line -> line.contains("cannot be published")))
                .as("once for each outage")
                .hasSize(2)
                .allMatch(line -> line.contains("Images of avatars cannot be published now: Access Denied. All other"));
    }

    @Test
    void bucketThatRefusesCopiesIsDegradedUntilOneWasMade() {
        health.prepare();
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        health.failed(new PublishFailed(Code.STORAGE_ERROR, "after 6 successful uploads", denied));

        assertThat(health.health().getStatus())
                .as("although the bucket is there")
                .isEqualTo(PublishingHealth.DEGRADED);
        health.published();
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void serverThatDoesNotAnswerIsAskedOnceAtATime() {
        publisher.failWith(denied);
        health.prepare();
        var answer = new CompletableFuture<Void>();
        publisher.prepareWith(answer);

        assertThat(health.health().getDetails()).containsEntry("error", "Access Denied.");
        assertThat(health.health().getStatus()).isEqualTo(PublishingHealth.DEGRADED);
        assertThat(publisher.preparations()).isEqualTo(2);
        answer.complete(null);
        publisher.recover();
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void outagesAndFaultsOfTasksDoNotCount() {
        health.failed(new ObjectStoreFailed(Kind.UNAVAILABLE, "The store is away."));
        health.failed(new PublishFailed(Code.SOURCE_UNAVAILABLE, "Image 1 does not exist any more."));

        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }
}
