package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.atelier.contract.image.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of {@link ObjectPublisher}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
public abstract class ObjectPublisherContract {

    protected static final String PNG = "image/png";

    private final ObjectKey copyKey = new ObjectKey("avatars/" + UUID.randomUUID() + "/img_0.png");

    /** The store of the objects. */
    protected abstract ObjectStore store();

    /** The publisher under test. */
    protected abstract ObjectPublisher publisher();

    @Test
    void aCopyHasMediaTypeAndDigestOfItsObjectAndMetadataOfItsOwn() {
        var from = put("an image", Map.of("seed", "42", "kind", "tile"));

        var copy = publisher()
                .publish(from, copyKey, Map.of(ObjectPublisher.JOB, "gen_1"))
                .join();

        var object = store().find(from).join().orElseThrow();
        assertThat(copy)
                .isEqualTo(new StoredObject(
                        copyKey, object.bytes(), object.sha256(), PNG, Map.of(ObjectPublisher.JOB, "gen_1")));
        assertThat(publisher().find(publication()).join()).contains(copy);
        assertThat(store().find(from).join().orElseThrow().metadata()).containsKeys("seed", "kind");
    }

    @Test
    void aLaterCopyOverwritesAnEarlierOne() {
        publisher()
                .publish(put("first", Map.of()), copyKey, Map.of(ObjectPublisher.JOB, "gen_1"))
                .join();

        var later = publisher()
                .publish(put("the second", Map.of()), copyKey, Map.of(ObjectPublisher.JOB, "gen_2"))
                .join();

        assertThat(publisher().find(publication()).join()).contains(later);
        assertThat(later.bytes()).isEqualTo("the second".length());
    }

    @Test
    void theSameCopyCanBeMadeAgain() {
        var from = put("an image", Map.of());
        var first = publisher().publish(from, copyKey, Map.of()).join();

        assertThat(publisher().publish(from, copyKey, Map.of()).join()).isEqualTo(first);
        assertThat(publisher().find(publication()).join()).contains(first);
    }

    @Test
    void aCopyStaysWithoutItsObject() {
        var from = put("an image", Map.of());
        var copy = publisher().publish(from, copyKey, Map.of()).join();

        store().delete(from).join();

        assertThat(publisher().find(publication()).join()).contains(copy);
    }

    @Test
    void aMissingObjectIsNotPublished() {
        var missing = new ObjectKey("contract/" + UUID.randomUUID() + "/0.png");

        ObjectStoreContract.failsWith(
                ObjectStoreFailed.Kind.NOT_FOUND,
                () -> publisher().publish(missing, copyKey, Map.of()).join());
        assertThat(publisher().find(publication()).join()).isEmpty();
    }

    @Test
    void findsNothingThatWasNotPublished() {
        assertThat(publisher().find(publication()).join()).isEmpty();
        assertThat(publisher()
                        .find(new Publication("no-such-bucket", copyKey.value()))
                        .join())
                .isEmpty();
    }

    @Test
    void aRemovedCopyIsGoneAndItsObjectStays() {
        var from = put("an image", Map.of());
        publisher().publish(from, copyKey, Map.of()).join();

        publisher().remove(publication()).join();
        publisher().remove(publication()).join();

        assertThat(publisher().find(publication()).join()).isEmpty();
        assertThat(store().find(from).join()).isPresent();
    }

    @Test
    void rejectsInvalidMetadata() {
        var from = put("an image", Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> publisher().publish(from, copyKey, Map.of("Job", "gen_1")))
                .withMessage("Not a metadata name: 'Job'");
    }

    @Test
    void canBePreparedRepeatedly() {
        assertThat(publisher().prepare().join()).isNull();
        assertThat(publisher().prepare().join()).isNull();
    }

    protected final ObjectKey put(String content, Map<String, String> metadata) {
        var key = new ObjectKey("contract/" + UUID.randomUUID() + "/0.png");
        store().put(key, content.getBytes(StandardCharsets.UTF_8), PNG, metadata)
                .join();
        return key;
    }

    protected final ObjectKey copyKey() {
        return copyKey;
    }

    protected final Publication publication() {
        return new Publication(publisher().bucket(), copyKey.value());
    }
}
