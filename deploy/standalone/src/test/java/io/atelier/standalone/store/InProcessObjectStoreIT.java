package io.atelier.standalone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.Publication;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreContract;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of {@link InProcessObjectStore}, and that S3 clients of the same server see the same. */
class InProcessObjectStoreIT extends ObjectStoreContract {

    private static final String BUCKET = "images";
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final String INLINE = "inline; filename=\"snowman 1.png\"";
    private static final Map<String, String> METADATA = Map.of("seed", "42", "job-id", "!a-Z 0~9?\"',;:=%&<>[]{}|\\^`");
    private static final int WRITERS = 16;

    @TempDir
    private Path folder;

    private final HttpClient browser = HttpClient.newHttpClient();
    private EmbeddedServer server;
    private ObjectStore store;
    private ObjectStore client;

    @BeforeEach
    void start() {
        server = new EmbeddedServer(folder, BUCKET);
        store = server.inProcess();
        client = server.client();
        store.prepare().join();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void isUsedForItsServerOnly() {
        assertThat(store).isInstanceOf(InProcessObjectStore.class);
        assertThat(client).isNotInstanceOf(InProcessObjectStore.class);
    }

    @Test
    void aClientReadsWhatWasStoredHere() throws Exception {
        var key = newKey();

        var stored = store.put(key, bytes("an image"), PNG, METADATA).join();

        assertThat(client.find(key).join()).contains(stored);
        assertThat(content(client, key)).isEqualTo(bytes("an image"));
        assertThat(list(client)).isEqualTo(list(store));
    }

    @Test
    void whatAClientStoredIsReadHere() throws Exception {
        var key = newKey();

        var stored = client.put(key, bytes("an image"), PNG, METADATA).join();

        assertThat(store.find(key).join()).contains(stored);
        assertThat(content(store, key)).isEqualTo(bytes("an image"));
    }

    @Test
    void whatWasStoredHereIsPublishedByTheServer() throws Exception {
        var publisher = server.publisher();
        var key = newKey();
        var stored = store.put(key, bytes("an image"), PNG, METADATA).join();

        publisher.prepare().join();
        assertThat(folder.resolve("buckets/avatars")).isEmptyDirectory();
        var copy = publisher
                .publish(key, new ObjectKey("avatars/42/img_0.png"), Map.of(ObjectPublisher.JOB, "gen_1"))
                .join();

        assertThat(copy.sha256()).isEqualTo(stored.sha256());
        assertThat(publisher
                        .find(new Publication("avatars", "avatars/42/img_0.png"))
                        .join())
                .contains(copy);
        assertThat(folder.resolve("buckets/avatars/avatars/42/img_0.png")).hasBinaryContent(bytes("an image"));
    }

    @Test
    void aBrowserSeesNoDifference() throws Exception {
        var here = newKey();
        var there = newKey();
        store.put(here, bytes("an image"), PNG, METADATA).join();
        client.put(there, bytes("an image"), PNG, METADATA).join();

        var one = get(store.link(here, TEN_MINUTES, INLINE));
        var other = get(client.link(there, TEN_MINUTES, INLINE));

        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(one.body()).isEqualTo(bytes("an image")).isEqualTo(other.body());
        assertThat(described(one.headers()))
                .isEqualTo(described(other.headers()))
                .containsKeys("etag", "cache-control");
    }

    @Test
    void aFileHasTheSameAttributesAndPermissionsEitherWay() throws Exception {
        var here = newKey();
        var there = newKey();
        store.put(here, bytes("an image"), PNG, METADATA).join();
        client.put(there, bytes("an image"), PNG, METADATA).join();

        assertThat(attributes(file(here))).isEqualTo(attributes(file(there))).isNotEmpty();
        assertThat(Files.getPosixFilePermissions(file(here))).isEqualTo(Files.getPosixFilePermissions(file(there)));
    }

    @Test
    void oneOfManyWritersOfBothKindsWins() throws Exception {
        for (int round = 0; round < 10; round++) {
            var key = newKey();
            var writers = new ArrayList<CompletableFuture<StoredObject>>();
            for (int writer = 0; writer < WRITERS; writer++) {
                var way = writer % 2 == 0 ? store : client;
                writers.add(way.put(key, bytes("image of writer " + writer), PNG, Map.of("by", "writer-" + writer)));
            }

            var answers = writers.stream().map(CompletableFuture::join).toList();

            assertThat(answers).containsOnly(answers.get(0));
            assertThat(store.find(key).join()).contains(answers.get(0));
            assertThat(client.find(key).join()).contains(answers.get(0));
            assertThat(StoredObject.sha256Of(content(client, key)))
                    .isEqualTo(answers.get(0).sha256());
        }
    }

    @Test
    void aDeletionIsSeenEitherWay() {
        var one = put(bytes("a"));
        var other = put(bytes("b"));

        store.delete(one).join();
        client.delete(other).join();

        assertThat(client.find(one).join()).isEmpty();
        assertThat(store.find(other).join()).isEmpty();
    }

    @Test
    void storesAnObjectWhileItsFolderIsDeletedWithTheLastOne() {
        for (int round = 0; round < 300; round++) {
            var folderOfBoth = "contract/" + round + "/deep/";
            var last = new ObjectKey(folderOfBoth + "last.png");
            var next = new ObjectKey(folderOfBoth + "next.png");
            store.put(last, bytes("a"), PNG, Map.of()).join();

            var deletion = store.delete(last);
            var put = store.put(next, bytes("b"), PNG, Map.of());

            CompletableFuture.allOf(deletion, put).join();
            assertThat(store.find(next).join()).isPresent();
        }
    }

    @Test
    void refusesAnObjectOfAnotherProgram() throws IOException {
        var key = newKey();
        Files.createDirectories(file(key).getParent());
        Files.writeString(file(key), "not of Atelier");

        failsWith(ObjectStoreFailed.Kind.REFUSED, () -> store.find(key).join());
    }

    @Test
    void aMissingBucketIsReportedAndNotCreated() throws IOException {
        Files.delete(folder.resolve("buckets").resolve(BUCKET));

        assertThatThrownBy(() -> store.check().join()).hasMessageContaining("no bucket '" + BUCKET + "'");
        failsWith(ObjectStoreFailed.Kind.REFUSED, () -> store.check().join());
        failsWith(ObjectStoreFailed.Kind.REFUSED, () -> put(bytes("a")));

        store.prepare().join();
        assertThat(store.check().join()).isNull();
    }

    @Test
    void isUnavailableIfTheDiskCannotBeWritten() throws IOException {
        Files.writeString(folder.resolve("buckets").resolve(BUCKET).resolve("blocked"), "a file in place of a folder");
        var put = store.put(new ObjectKey("blocked/0.png"), bytes("a"), PNG, Map.of());

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, put::join);
        assertThatThrownBy(put::join)
                .cause()
                .isInstanceOfSatisfying(
                        ObjectStoreFailed.class,
                        failure -> assertThat(failure.publicMessage())
                                .isEqualTo("The embedded object store could not put blocked/0.png now."));
    }

    @Test
    void isUnavailableUntilItsServerRuns() {
        server.hide();

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, () -> store.check().join());
        assertThat(store.link(newKey(), TEN_MINUTES, INLINE)).hasParameter("X-Amz-Signature");
    }

    @Test
    void isUnavailableOnceItsServerHasStopped() {
        server.stop();

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, () -> put(bytes("a")));
    }

    @Test
    void isUnavailableOnceItsThreadsHaveStopped() {
        server.closeFactory();

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, () -> store.check().join());
    }

    private Path file(ObjectKey key) {
        return folder.resolve("buckets").resolve(BUCKET).resolve(key.value());
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        // An S3 client sends the names of metadata as headers, in any case.
        var attributes = new TreeMap<String, Object>(String.CASE_INSENSITIVE_ORDER);
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        for (var name : view.list()) {
            var value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            attributes.put(name, HexFormat.of().formatHex(value.array()));
        }
        return attributes;
    }

    private static List<?> list(ObjectStore store) {
        return store.list("contract/", null, 10).join().objects();
    }

    private static byte[] content(ObjectStore store, ObjectKey key) throws IOException {
        try (var content = store.open(key, null).join()) {
            return content.stream().readAllBytes();
        }
    }

    private HttpResponse<byte[]> get(URI link) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofByteArray());
    }

    /** The headers that describe the object. */
    private static Map<String, List<String>> described(HttpHeaders headers) {
        var described = new TreeMap<>(headers.map());
        described.keySet().removeAll(List.of("date", "last-modified", "x-amz-request-id"));
        return described;
    }
}
