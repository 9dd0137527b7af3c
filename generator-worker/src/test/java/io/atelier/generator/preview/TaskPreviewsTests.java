package io.atelier.generator.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.contract.work.TaskProgress.Preview;
import io.atelier.image.png.PngTextChunks;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.task.TaskAttempt;
import java.awt.image.BufferedImage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TaskPreviewsTests {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final JobId JOB = JobId.create(NOW, new Random(1));

    private final InMemoryObjectStore memory = new InMemoryObjectStore();
    private final WantedPreviews wanted = new WantedPreviews(() -> NOW);
    private final List<Preview> reported = new ArrayList<>();
    private CompletableFuture<Void> mayStore = CompletableFuture.completedFuture(null);
    private long nanos = Long.MAX_VALUE - 5;
    private final TaskPreviews previews = new TaskPreviews(
            wanted,
            slow(),
            new TaskAttempt(JOB, "generate", 2, new Worker("w", "e", "cpu"), "1 x 64x64"),
            PngTextChunks.NONE,
            reported::add,
            Runnable::run,
            () -> nanos);

    @Test
    void nothingIsWantedUntilAClientWatches() {
        assertThat(previews.isWanted()).isFalse();

        watch();

        assertThat(previews.isWanted()).isTrue();
    }

    @Test
    @DisplayName("The newest preview is in the store under its number, and reported once it is there")
    void newestIsStored() {
        watch();

        preview(3);
        assertThat(memory.keys()).containsExactly(key(1).value());
        assertThat(reported).singleElement().satisfies(first -> {
            assertThat(first)
                    .extracting("number", "image", "step", "steps", "width", "height")
                    .containsExactly(1, 0, 3, 8, 40, 24);
            assertThat((long) first.bytes())
                    .isEqualTo(memory.find(key(1)).join().orElseThrow().bytes());
        });

        nanos += TaskPreviews.INTERVAL.toNanos();
        preview(4);
        assertThat(memory.keys()).containsExactly(key(2).value());
        assertThat(reported).extracting(Preview::number).containsExactly(1, 2);

        previews.close();
        assertThat(memory.keys()).isEmpty();
        assertThat(previews.isWanted()).isFalse();
    }

    @Test
    void anotherIsWantedAfterTheInterval() {
        watch();
        preview(1);

        nanos += TaskPreviews.INTERVAL.toNanos() - 1;
        assertThat(previews.isWanted()).isFalse();
        nanos++;
        assertThat(previews.isWanted()).isTrue();
    }

    @Test
    void noneIsWantedWhileOneIsBeingStored() {
        watch();
        mayStore = new CompletableFuture<>();
        preview(1);
        nanos += TaskPreviews.INTERVAL.toNanos();

        assertThat(previews.isWanted()).isFalse();
        preview(2);
        mayStore.complete(null);

        assertThat(reported).extracting(Preview::step).containsExactly(1);
        assertThat(previews.isWanted()).isTrue();
    }

    @Test
    void previewThatIsStoredAfterTheEndIsDeletedAndNotReported() {
        watch();
        preview(1);
        nanos += TaskPreviews.INTERVAL.toNanos();
        mayStore = new CompletableFuture<>();
        preview(2);

        previews.close();
        mayStore.complete(null);

        assertThat(memory.keys()).isEmpty();
        assertThat(reported).extracting(Preview::number).containsExactly(1);
    }

    @Test
    @DisplayName("A store that fails is logged once, and the next preview is tried")
    void storeFails(CapturedOutput output) {
        watch();
        for (int step = 1; step <= 2; step++) {
            memory.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);
            preview(step);
            nanos += TaskPreviews.INTERVAL.toNanos();
        }
        assertThat(reported).isEmpty();

        preview(3);

        assertThat(reported).extracting(Preview::number).containsExactly(3);
        assertThat(output.getOut().split("a preview was not stored", -1)).hasSize(2);
    }

    private void watch() {
        wanted.obey(new PreviewsRequested(JOB, NOW, NOW.plusSeconds(60)));
    }

    private void preview(int step) {
        previews.accept(0, step, 8, new BufferedImage(40, 24, BufferedImage.TYPE_INT_RGB));
    }

    private static ObjectKey key(int number) {
        return new ObjectKey(JobFolder.preview(JOB, "generate", 2, number));
    }

    /** The store in memory, but objects are stored when the test allows it. */
    private ObjectStore slow() {
        return (ObjectStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("put")
                                ? mayStore.thenCompose(allowed -> memory.put(
                                        (ObjectKey) arguments[0],
                                        (byte[]) arguments[1],
                                        (String) arguments[2],
                                        Map.of()))
                                : method.invoke(memory, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
