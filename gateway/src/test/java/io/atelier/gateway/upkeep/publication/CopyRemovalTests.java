package io.atelier.gateway.upkeep.publication;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.Publication;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.PublishedCopies;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.InMemoryObjectPublisher;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CopyRemovalTests {

    private static final JobId JOB = JobId.create(Instant.parse("2026-12-01T10:00:00Z"), new Random(1));
    private static final ObjectKey IMAGE = new ObjectKey(JobFolder.image(JOB, "split-0", 1, 0));
    private static final ObjectKey LIST = new ObjectKey(JobFolder.publication(JOB, "0a1b2c3d"));
    private static final ObjectKey COPY = new ObjectKey("avatars/42/img_0.png");

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final InMemoryObjectPublisher publisher = new InMemoryObjectPublisher(store);

    @Test
    void deletesCopiesAndTheirList() {
        storeList(EventCodec.json()
                .writeValueAsBytes(new PublishedCopies(JOB, List.of(new Publication("avatars", COPY.value())))));
        publish();

        assertThat(new CopyRemoval(store, publisher).remove(JOB, LIST)).hasValue(2);

        assertThat(publisher.keys()).isEmpty();
        assertThat(store.find(LIST).join()).isEmpty();
    }

    @Test
    void deletesACopyThatAWorkerMadeMeanwhile() {
        storeList(EventCodec.json()
                .writeValueAsBytes(new PublishedCopies(JOB, List.of(new Publication("avatars", COPY.value())))));

        assertThat(new CopyRemoval(beforeEachDeletion(this::publish), publisher).remove(JOB, LIST))
                .hasValue(2);

        assertThat(publisher.published()).isOne();
        assertThat(publisher.keys()).isEmpty();
    }

    @Test
    void aListThatCannotBeReadStays() {
        storeList("not JSON".getBytes(StandardCharsets.UTF_8));

        assertThat(new CopyRemoval(store, publisher).remove(JOB, LIST)).isEmpty();

        assertThat(store.find(LIST).join()).isPresent();
    }

    @Test
    void aListThatAnotherGatewayDeletedIsNoFailure() {
        assertThat(new CopyRemoval(store, publisher).remove(JOB, LIST)).hasValue(0);
    }

    @Test
    void aBucketThatRefusesIsLoggedOnceUntilItWorks(CapturedOutput output) {
        var denied = new ObjectStoreFailed(ObjectStoreFailed.Kind.REFUSED, "Access Denied.");
        var list = EventCodec.json()
                .writeValueAsBytes(new PublishedCopies(JOB, List.of(new Publication("avatars", COPY.value()))));
        storeList(list);
        publish();
        var removal = new CopyRemoval(store, publisher);

        publisher.failWith(denied);
        for (int sweep = 0; sweep < 3; sweep++) {
            assertThat(removal.remove(JOB, LIST)).isEmpty();
        }
        assertThat(output.getAll().lines().filter(line -> line.contains("could not be deleted: the list stays")))
                .singleElement()
                .asString()
                .contains(LIST.value(), "Access Denied.");

        publisher.recover();
        assertThat(removal.remove(JOB, LIST)).hasValue(2);
        assertThat(publisher.keys()).isEmpty();

        storeList(list);
        publisher.failWith(denied);
        assertThat(removal.remove(JOB, LIST)).isEmpty();
        assertThat(output.getAll().lines().filter(line -> line.contains("could not be deleted: the list stays")))
                .hasSize(2);
    }

    @Test
    void aListThatCannotBeReadIsLoggedOnce(CapturedOutput output) {
        storeList("not JSON".getBytes(StandardCharsets.UTF_8));
        var removal = new CopyRemoval(store, publisher);

        for (int sweep = 0; sweep < 3; sweep++) {
            assertThat(removal.remove(JOB, LIST)).isEmpty();
        }

        assertThat(output.getAll().lines().filter(line -> line.contains("is no list of published copies")))
                .hasSize(1);
    }

    private void storeList(byte[] list) {
        store.put(LIST, list, "application/json", Map.of()).join();
    }

    private void publish() {
        store.put(IMAGE, new byte[3], "image/png", Map.of()).join();
        publisher.publish(IMAGE, COPY, Map.of(ObjectPublisher.JOB, JOB.value())).join();
    }

    private ObjectStore beforeEachDeletion(Runnable action) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("delete")) {
                        action.run();
                    }
                    return method.invoke(store, arguments);
                });
    }
}
