package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectKey;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class DerivativeHttpTests {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 300;

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AuditedObjectStore store;

    private final byte[] png = png(WIDTH, HEIGHT);
    private Job job = job(png, "image/png", SampleJobs::key);

    @BeforeEach
    void storeImage() {
        jobs.show(job);
        store.putImage(job.images().get(0).key(), png);
    }

    @AfterEach
    void release() {
        store.openAfter(CompletableFuture.completedFuture(null));
        store.afterPut(() -> {});
        store.memory().recover();
    }

    @DisplayName("An image is offered in three widths and two formats, and is never enlarged")
    @ParameterizedTest
    @CsvSource({
        "w=256, image/png, 256, 128",
        "w=512, image/png, 512, 256",
        "w=1024, image/png, 600, 300",
        "w=256&format=png, image/png, 256, 128",
        "w=256&format=jpeg, image/jpeg, 256, 128",
        "w=1024&format=jpeg, image/jpeg, 600, 300",
        "format=jpeg, image/jpeg, 600, 300",
        "format=png, image/png, 600, 300"
    })
    void imageIsSentInTheForm(String query, String type, int width, int height) throws IOException {
        var response = get(query);

        var headers = response.getResponseHeaders();
        var body = Objects.requireNonNull(response.getResponseBody());
        assertThat(headers.getFirst("Content-Type")).isEqualTo(type);
        assertThat(headers.getETag()).isEqualTo("\"sha256-" + SampleJobs.sha256(body) + "\"");
        assertThat(headers.getContentLength()).isEqualTo(body.length);
        assertThat(headers.getFirst("Accept-Ranges")).isEqualTo("bytes");
        assertThat(headers.getFirst("Cache-Control")).isEqualTo("private, max-age=31536000, immutable");
        assertThat(headers.getFirst("Content-Digest")).startsWith("sha-256=:");
        assertThat(headers.getFirst("Content-Disposition"))
                .isEqualTo("inline; filename=\"%s-0.%s\"".formatted(job.id(), type.endsWith("png") ? "png" : "jpg"));
        var image = ImageIO.read(new ByteArrayInputStream(body));
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        // Left half red, right half green.
        assertThat(new Color(image.getRGB(5, height / 2)).getRed()).isGreaterThan(245);
        assertThat(new Color(image.getRGB(width - 5, height / 2)).getGreen()).isGreaterThan(245);
    }

    @DisplayName("A derivative has the mark of its image, and none if the image has none")
    @ParameterizedTest
    @ValueSource(strings = {"w=256", "w=256&format=jpeg"})
    void theMarkOfTheImageIsCarried(String query) throws IOException {
        var term = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.uri();
        assertThat(latin1(get(query))).doesNotContain(term);

        var pixels = PngImage.of(ImageIO.read(new ByteArrayInputStream(png)));
        var marked =
                new PngWriter().write(pixels, PngTextChunks.NONE.marked(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
        job = jobs.show(job(marked, "image/png", SampleJobs::key));
        store.putImage(job.images().get(0).key(), marked);

        assertThat(latin1(get(query))).contains(term);
    }

    @DisplayName("A signed file is stored as it came, also if it is turned, and its derivatives are upright")
    @ParameterizedTest
    @ValueSource(strings = {"w=256", "w=256&format=jpeg"})
    void derivativeOfATurnedFileIsUpright(String query) throws IOException {
        // A quarter turn clockwise, so that the left half becomes the upper one.
        var turned = withExif(png, 6);
        job = jobs.show(job(turned, "image/png", SampleJobs::key, /* width= */ HEIGHT, /* height= */ WIDTH));
        store.putImage(job.images().get(0).key(), turned);

        var image = ImageIO.read(
                new ByteArrayInputStream(Objects.requireNonNull(get(query).getResponseBody())));

        assertThat(image.getWidth()).isEqualTo(256);
        assertThat(image.getHeight()).isEqualTo(512);
        assertThat(new Color(image.getRGB(128, 5)).getRed()).isGreaterThan(245);
        assertThat(new Color(image.getRGB(128, 506)).getGreen()).isGreaterThan(245);
    }

    /** The PNG with an orientation, in a chunk after the header. */
    private static byte[] withExif(byte[] png, int orientation) {
        int headerEnd = 33;
        var name = "eXIf".getBytes(StandardCharsets.US_ASCII);
        var tiff = ByteBuffer.allocate(26)
                .putShort((short) 0x4D4D)
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .array();
        var checksum = new CRC32();
        checksum.update(name);
        checksum.update(tiff);
        return ByteBuffer.allocate(png.length + tiff.length + 12)
                .put(png, 0, headerEnd)
                .putInt(tiff.length)
                .put(name)
                .put(tiff)
                .putInt((int) checksum.getValue())
                .put(png, headerEnd, png.length - headerEnd)
                .array();
    }

    private static String latin1(EntityExchangeResult<byte[]> response) {
        return new String(Objects.requireNonNull(response.getResponseBody()), StandardCharsets.ISO_8859_1);
    }

    @DisplayName("An image that has the form already is sent as it was stored, and nothing is made")
    @ParameterizedTest
    @ValueSource(strings = {"w=1024", "format=png", "w=1024&format=png"})
    void imageOfThisFormIsTheStoredOne(String query) {
        assertThat(get(query).getResponseBody()).isEqualTo(png);
        assertThat(derivatives()).isEmpty();
    }

    @DisplayName("Ranges and conditions work as for the image itself")
    @Test
    void rangesAndConditionsWork() {
        var whole = Objects.requireNonNull(get("w=256").getResponseBody());
        var tag = "\"sha256-" + SampleJobs.sha256(whole) + "\"";

        var part = client.get()
                .uri(address("w=256"))
                .header("Range", "bytes=10-19")
                .header("If-Range", tag)
                .exchange()
                .expectStatus()
                .isEqualTo(206)
                .expectHeader()
                .valueEquals("Content-Range", "bytes 10-19/" + whole.length)
                .expectBody()
                .returnResult();
        assertThat(part.getResponseBody()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
        client.get()
                .uri(address("w=256"))
                .header("If-None-Match", tag)
                .exchange()
                .expectStatus()
                .isNotModified();
        client.get()
                .uri(address("w=256"))
                .header("If-Match", "\"other\"")
                .exchange()
                .expectStatus()
                .isEqualTo(412);
        client.get()
                .uri(address("w=256"))
                .header("Range", "bytes=%d-".formatted(whole.length))
                .exchange()
                .expectStatus()
                .isEqualTo(416);
        client.head()
                .uri(address("w=256"))
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("ETag", tag)
                .expectHeader()
                .valueEquals("Content-Length", "" + whole.length)
                .expectBody()
                .isEmpty();
    }

    @DisplayName("A derivative is made once, for many clients at once, and kept in the folder of the job")
    @Test
    void derivativeIsMadeOnce() {
        int opens = store.opens();
        var permission = new CompletableFuture<Void>();
        store.openAfter(permission);

        var heads = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.mutate()
                        .responseTimeout(Duration.ofSeconds(20))
                        .build()
                        .head()
                        .uri(address("w=512"))
                        .exchange()
                        .returnResult(Void.class)
                        .getStatus()
                        .value()))
                .toList();
        permission.complete(null);

        assertThat(heads).allSatisfy(status -> assertThat(status.join()).isEqualTo(200));
        // Its header, and all of it.
        assertThat(store.opens() - opens).isEqualTo(2);
        assertThat(derivatives()).containsExactly(JobFolder.derivative(job.id(), SampleJobs.sha256(png), "w512.png"));

        get("w=512");
        assertThat(store.opens() - opens).isEqualTo(3);
    }

    @DisplayName("More derivatives at once than are made and may wait are refused; nothing else waits")
    @Test
    void oneTooManyIsRefused() {
        var permission = new CompletableFuture<Void>();
        store.openAfter(permission);
        var responses = Stream.of("w=256", "w=512", "format=jpeg", "w=256&format=jpeg")
                .map(query -> CompletableFuture.supplyAsync(() ->
                        client.get().uri(address(query)).exchange().expectBody().returnResult()))
                .toList();
        try {
            var first = CompletableFuture.anyOf(responses.toArray(CompletableFuture<?>[]::new))
                    .join();
            assertThat(first).isInstanceOfSatisfying(EntityExchangeResult.class, refused -> {
                assertThat(refused.getStatus().value()).isEqualTo(503);
                assertThat(refused.getResponseHeaders().getFirst("Retry-After")).isEqualTo("2");
            });
            client.get().uri("/livez").exchange().expectStatus().isOk();
        } finally {
            permission.complete(null);
        }

        assertThat(responses)
                .extracting(response -> response.join().getStatus().value())
                .containsExactlyInAnyOrder(200, 200, 200, 503);
        get("w=256&format=jpeg");
    }

    @DisplayName("Other widths and formats are refused with what is allowed")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "w=255",
                "w=0",
                "w=-256",
                "w=2048",
                "w=256.0",
                "w=",
                "w=%20256",
                "w=256px",
                "format=webp",
                "format=avif",
                "format=gif",
                "format=svg",
                "format=PNG",
                "format=",
                "format=jpg"
            })
    void otherFormsAreRefused(String query) {
        client.get()
                .uri("/v1/generations/" + job.id() + "/images/0?" + query.replace("%20", " "))
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("validation-failed")
                .jsonPath("$.errors[0].parameter")
                .isEqualTo(query.split("=", 2)[0])
                .jsonPath("$.errors[0].detail")
                .value(detail ->
                        assertThat(detail.toString()).contains(query.startsWith("w") ? "256, 512, 1024" : "jpeg, png"));
        assertThat(derivatives()).isEmpty();
    }

    @DisplayName("A JPEG of a generation is made smaller from the PNG beside it, which can be fetched, too")
    @Test
    void jpegsAreMadeSmallerFromThePng() throws IOException {
        var jpeg = new byte[] {1, 2, 3};
        job = jobs.show(job(jpeg, "image/jpeg", (id, index) -> JobFolder.jpeg(SampleJobs.key(id, index))));
        var image = job.images().get(0);
        store.memory()
                .put(new ObjectKey(image.key()), jpeg, "image/jpeg", Map.of())
                .join();
        store.putImage(JobFolder.png(image.key()), png);

        var itself = client.get()
                .uri("/v1/generations/" + job.id() + "/images/0")
                .exchange()
                .expectBody()
                .returnResult();
        assertThat(itself.getResponseBody()).isEqualTo(jpeg);
        assertThat(itself.getResponseHeaders().getFirst("Content-Type")).isEqualTo("image/jpeg");
        assertThat(itself.getResponseHeaders().getFirst("Content-Disposition")).endsWith("-0.jpg\"");
        assertThat(get("format=png").getResponseBody()).isEqualTo(png);
        var small = get("w=256");
        assertThat(small.getResponseHeaders().getFirst("Content-Type")).isEqualTo("image/jpeg");
        assertThat(ImageIO.read(new ByteArrayInputStream(Objects.requireNonNull(small.getResponseBody())))
                        .getWidth())
                .isEqualTo(256);
    }

    @DisplayName("A derivative of a job that is erased while it is made is not kept")
    @Test
    void derivativeOfAnErasedJobIsNotKept() {
        var erased = new AtomicBoolean();
        store.afterPut(() -> {
            if (erased.compareAndSet(false, true)) {
                jobs.show(SampleJobs.erasedFrom(job));
            }
        });

        client.get().uri(address("w=256")).exchange().expectStatus().isEqualTo(410);

        assertThat(erased).isTrue();
        assertThat(derivatives()).isEmpty();
    }

    @DisplayName(
            "An image that is not in the store any more, or is damaged there, is a problem; the next attempt starts anew")
    @Test
    void missingImagesAreProblems() {
        store.memory().delete(new ObjectKey(job.images().get(0).key())).join();
        client.get()
                .uri(address("w=256"))
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("image-unavailable");

        store.putImage(job.images().get(0).key(), Arrays.copyOf(png, png.length - 20));
        client.get()
                .uri(address("w=256"))
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("storage-unavailable");

        store.memory().delete(new ObjectKey(job.images().get(0).key())).join();
        store.putImage(job.images().get(0).key(), png);
        assertThat(get("w=256").getStatus().value()).isEqualTo(200);
    }

    @DisplayName("A link to a derivative leads to its object")
    @Test
    void redirectPointsToTheDerivative() {
        var response = client.get()
                .uri(address("w=256&format=jpeg&delivery=redirect"))
                .exchange()
                .expectStatus()
                .isEqualTo(307)
                .expectBody()
                .isEmpty();

        assertThat(Objects.requireNonNull(response.getResponseHeaders().getLocation())
                        .getPath())
                .isEqualTo("/" + derivatives().get(0));
    }

    private EntityExchangeResult<byte[]> get(String query) {
        return client.get()
                .uri(address(query))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult();
    }

    private String address(String query) {
        return "/v1/generations/" + job.id() + "/images/0?" + query;
    }

    private List<String> derivatives() {
        return store.memory().keys().stream()
                .filter(key -> JobFolder.derivedFrom(job.id(), key).isPresent())
                .toList();
    }

    private interface Keys {
        String of(JobId job, int index);
    }

    private static Job job(byte[] bytes, String mediaType, Keys keys) {
        return job(bytes, mediaType, keys, WIDTH, HEIGHT);
    }

    private static Job job(byte[] bytes, String mediaType, Keys keys, int width, int height) {
        var job = SampleJobs.in(JobStatus.SUCCEEDED);
        var image = new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                keys.of(job.id(), 0),
                SampleJobs.sha256(bytes),
                bytes.length,
                mediaType,
                width,
                height,
                7L,
                null);
        return JobBuilder.of(job).images(List.of(image), List.of()).job();
    }

    private static byte[] png(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x < width / 2 ? 0xFF0000 : 0x00FF00);
            }
        }
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
