package io.atelier.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.FileId;
import io.atelier.gateway.files.FileRepository.Storing;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRepositoryTests {

    private static final Duration TTL = Duration.ofDays(7);
    private static final Duration GRACE = Duration.ofHours(1);
    private static final Duration TOMBSTONE_TTL = Duration.ofDays(30);
    private static final Instant START = Instant.parse("2026-11-28T10:00:00.250Z");
    private static final byte[] BYTES = {1, 2, 3};
    private static final FileId ID = FileId.ofSha256(Sha256.of(BYTES).hex());

    private final SettableClock settable = new SettableClock();
    private final InMemoryObjectStore store = new InMemoryObjectStore(settable);
    private final FileRepository files = new FileRepository(store, settable);
    private final ExpiredFileSweep sweep = new ExpiredFileSweep(store, files, GRACE, TOMBSTONE_TTL, settable);

    @Test
    void describesWhatWasStored() {
        var stored = store(TTL);

        assertThat(stored.isNew()).isTrue();
        var file = files.find(ID).join().orElseThrow();
        assertThat(file).isEqualTo(stored.file());
        assertThat(file.sha256()).isEqualTo(Sha256.of(BYTES).hex());
        assertThat(file.bytes()).isEqualTo(3);
        assertThat(file.mediaType()).isEqualTo("image/png");
        assertThat(file.width()).isEqualTo(20);
        assertThat(file.height()).isEqualTo(10);
        assertThat(file.createdAt()).isEqualTo(START);
        assertThat(file.expiresAt()).isBetween(START.plus(TTL), START.plus(TTL).plusSeconds(1));
        assertThat(store.find(new ObjectKey(file.key())).join()).isPresent();
    }

    @Test
    void sameBytesAreKeptOnce() {
        var first = store(TTL).file();
        pass(Duration.ofHours(1));
        var second = store(TTL);

        assertThat(second.isNew()).isFalse();
        assertThat(second.file().id()).isEqualTo(first.id());
        assertThat(second.file().createdAt()).isEqualTo(START);
        assertThat(store.keys()).filteredOn(key -> key.contains("content")).hasSize(1);
    }

    @Test
    void everyUseProlongsTheLife() {
        store(TTL);
        for (int day = 1; day <= 30; day++) {
            pass(Duration.ofDays(1));
            assertThat(files.use(ID).join().orElseThrow().expiresAt())
                    .isAfter(settable.instant().plus(Duration.ofDays(6)));
        }
        assertThat(store.keys()).hasSize(2);

        pass(TTL.plusSeconds(2));
        assertGone(true);
    }

    @Test
    void descriptionsDoNotProlongTheLife() {
        store(TTL);
        pass(Duration.ofDays(6));
        files.find(ID).join();
        pass(Duration.ofDays(1).plusSeconds(1));

        assertGone(true);
    }

    @Test
    void aLaterUploadCanProlongTheLife() {
        store(Duration.ofMinutes(1));
        store(TTL);
        pass(Duration.ofDays(6));

        assertThat(files.find(ID).join()).isPresent();
        assertThat(files.find(ID).join().orElseThrow().ttl()).isEqualTo(TTL);
    }

    @Test
    void aLaterUploadDoesNotShortenTheLife() {
        store(TTL);
        store(Duration.ofMinutes(1));
        pass(Duration.ofDays(6));

        assertThat(files.find(ID).join()).isPresent();
    }

    @Test
    void deletedFileIsGoneAtOnceAndItsBytesToo() {
        var key = store(TTL).file().key();

        assertThat(files.delete(ID).join()).isTrue();

        assertGone(false);
        assertThat(store.find(new ObjectKey(key)).join()).isEmpty();
        assertThat(files.delete(ID).join()).isTrue();
    }

    @Test
    void unknownFileIsNotGone() {
        assertThat(files.find(ID).join()).isEmpty();
        assertThat(files.use(ID).join()).isEmpty();
        assertThat(files.delete(ID).join()).isFalse();
        assertThat(store.keys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileThatIsGoneCanBeUploadedAgain(boolean isExpired) throws InterruptedException {
        store(TTL);
        if (isExpired) {
            pass(TTL.plus(GRACE).plusSeconds(2));
            assertThat(sweep()).isOne();
        } else {
            files.delete(ID).join();
        }
        assertGone(isExpired);

        assertThat(store(TTL).isNew()).isTrue();
        assertThat(files.find(ID).join()).isPresent();
        pass(Duration.ofDays(1));
        assertThat(sweep()).isZero();
        assertThat(files.find(ID).join()).isPresent();
    }

    @Test
    void expiredFileThatIsNotSweptYetCanBeUploadedAgain() {
        store(TTL);
        pass(TTL.plusSeconds(2));
        assertGone(true);

        assertThat(store(TTL).isNew()).isTrue();
        assertThat(files.find(ID).join()).isPresent();
    }

    @Test
    void sweepDeletesTheBytesOfExpiredFilesOnly() throws InterruptedException {
        store(TTL);
        files.store(new byte[] {9}, "image/gif", 1, 1, TTL.multipliedBy(2)).join();
        pass(TTL.plus(GRACE).plusSeconds(2));

        assertThat(sweep()).isOne();

        assertGone(true);
        assertThat(store.keys()).filteredOn(key -> key.contains("content")).hasSize(1);
        assertThat(sweep()).isZero();
    }

    @Test
    void sweepWaitsForTheGracePeriod() throws InterruptedException {
        store(TTL);
        pass(TTL.plus(GRACE).minusSeconds(1));

        assertThat(sweep()).isZero();
        assertThat(store.keys()).hasSize(2);
    }

    @Test
    void sweepForgetsInTheEndThatAFileExisted() throws InterruptedException {
        store(TTL);
        files.delete(ID).join();
        pass(TOMBSTONE_TTL.minusDays(1));
        sweep();
        assertGone(false);

        pass(Duration.ofDays(2));
        sweep();

        assertThat(store.keys()).isEmpty();
        assertThat(files.find(ID).join()).isEmpty();
    }

    @Test
    void sweepCompletesADeletionThatWasInterrupted() throws InterruptedException {
        store(TTL);
        store.put(FileFolder.tombstone(ID, settable.instant(), false), new byte[] {1}, "application/json", Map.of())
                .join();
        assertGone(false);
        pass(GRACE.plusSeconds(1));

        assertThat(sweep()).isOne();
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void sweepDeletesWhatAnInterruptedUploadLeft() throws InterruptedException {
        store.put(FileFolder.lease(ID, settable.instant(), TTL), new byte[] {1}, "application/json", Map.of())
                .join();
        assertThat(files.find(ID).join()).isEmpty();
        pass(GRACE.plusSeconds(1));
        sweep();

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void sweepLeavesOtherObjectsAlone() throws InterruptedException {
        store.put(new ObjectKey("files/readme.txt"), new byte[] {1}, "text/plain", Map.of())
                .join();
        store.put(new ObjectKey("files/zz/" + ID + "/content.png"), new byte[] {1}, "image/png", Map.of())
                .join();
        pass(Duration.ofDays(1_000));

        assertThat(sweep()).isZero();
        assertThat(store.keys()).hasSize(2);
    }

    @Test
    void storeThatFailsLeavesNoFile() {
        store.failAlways(ObjectStoreFailed.Kind.UNAVAILABLE);
        assertThatThrownBy(() -> store(TTL))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ObjectStoreFailed.class);
        store.recover();

        assertThat(files.find(ID).join()).isEmpty();
    }

    private Storing store(Duration ttl) {
        return files.store(BYTES, "image/png", 20, 10, ttl).join();
    }

    private int sweep() throws InterruptedException {
        return sweep.sweep(Duration.ZERO);
    }

    private void pass(Duration duration) {
        settable.time = settable.time.plus(duration);
    }

    private void assertGone(boolean isExpired) {
        assertThatThrownBy(() -> files.find(ID).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        FileGone.class, gone -> assertThat(gone.isExpired()).isEqualTo(isExpired));
    }

    private static final class SettableClock extends Clock {

        private Instant time = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time;
        }
    }
}
