package io.atelier.gateway.api.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;

@ExtendWith(OutputCaptureExtension.class)
class SystemWatchTests {

    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private final AtomicBoolean brokersAnswer = new AtomicBoolean(true);
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final SystemWatch watch = new SystemWatch(
            new DiskSpace(new DiskProperties(Path.of("."), DataSize.ofMegabytes(256)), folder -> free.get()),
            () -> Mono.fromSupplier(brokersAnswer::get),
            new StoreProbe(store, Duration.ZERO));

    @BeforeEach
    void start() {
        watch.start();
    }

    @AfterEach
    void stop() {
        watch.stop();
    }

    @Test
    void aStoreThatRefusesIsNotSaidToBeSilent(CapturedOutput output) {
        store.failAlways(ObjectStoreFailed.Kind.REFUSED);

        check();

        assertThat(watch.current())
                .containsExactly("The image store cannot be used: images cannot be read, and generations fail. "
                        + "The store in memory fails: REFUSED");
        assertThat(lines(output)).hasSize(1);
    }

    @Test
    void theBucketOfANewSystemMayBeMissingForHalfAMinute(CapturedOutput output) {
        store.loseBucket();

        for (int i = 0; i < 6; i++) {
            check();
        }
        assertThat(watch.current()).isEmpty();
        check();

        assertThat(watch.current()).singleElement().asString().contains("has no bucket");
        assertThat(lines(output)).hasSize(1);
    }

    @Test
    void aBucketThatWasThereIsMissedAtOnce() {
        check();
        store.loseBucket();
        check();

        assertThat(watch.current()).singleElement().asString().contains("has no bucket");
    }

    @Test
    void eachChangeOfTheStoreIsOneLine(CapturedOutput output) {
        check();
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);
        check();
        check();
        store.failAlways(ObjectStoreFailed.Kind.REFUSED);
        check();
        check();
        store.recover();
        check();
        check();

        assertThat(watch.current()).isEmpty();
        assertThat(lines(output)).hasSize(3);
        assertThat(lines(output).get(0)).contains("The image store is not available");
        assertThat(lines(output).get(1)).contains("The image store cannot be used");
        assertThat(lines(output).get(2)).contains("The image store can be used again.");
    }

    @Test
    void anOutageOfTheBrokersIsTwoLines(CapturedOutput output) {
        brokersAnswer.set(false);
        check();
        check();
        assertThat(watch.current()).singleElement().asString().contains("No Kafka broker answers");
        brokersAnswer.set(true);
        check();
        check();

        assertThat(watch.current()).isEmpty();
        assertThat(lines(output)).hasSize(2);
    }

    @Test
    void theFiguresOfADiskChangeWithoutFurtherLines(CapturedOutput output) {
        for (int megabytes = 3; megabytes > 0; megabytes--) {
            free.set(DataSize.ofMegabytes(megabytes).toBytes());
            watch.checkDisk();
        }

        assertThat(watch.current()).singleElement().asString().contains("1 MB are free");
        assertThat(lines(output)).hasSize(1);
    }

    private void check() {
        watch.checkDisk();
        watch.checkServers();
    }

    private static List<String> lines(CapturedOutput output) {
        return output.getOut()
                .lines()
                .filter(line -> line.contains(" WARN ") && line.contains("SystemWatch"))
                .toList();
    }
}
