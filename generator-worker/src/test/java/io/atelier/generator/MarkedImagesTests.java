package io.atelier.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.Provenance.ContentCredentials;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.Source;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.provider.BlockAlignment;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.image.png.RawPng;
import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MarkedImagesTests {

    private static final byte[] MANIFEST = {1, 2, 3, 4};

    private final InMemoryObjectStore store = new InMemoryObjectStore();

    @DisplayName("Every image says that it is generated, whatever metadata the client asked for")
    @ParameterizedTest
    @EnumSource(Metadata.class)
    void everyImageIsMarked(Metadata metadata) throws Exception {
        var stored = store(request(metadata), image(), true);

        var file = PngFileMetadata.read(bytes(stored));
        assertThat(file.source()).contains(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);
        assertThat(file.text().containsKey("parameters")).isEqualTo(metadata == Metadata.FULL);
        assertThat(file.text().isEmpty()).isEqualTo(metadata == Metadata.NONE);
        assertThat(stored.provenance()).isEqualTo(new Provenance(true, ContentCredentials.NONE));
    }

    @Test
    void anEditedImageIsMarkedAsAComposite() throws Exception {
        var edit = request(Metadata.MINIMAL).withImages(List.of(Source.at("https://example.org/a.png")));

        assertThat(PngFileMetadata.read(bytes(store(edit, image(), true))).source())
                .contains(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA);
    }

    @Test
    void anOperatorCanSwitchMarksOff() throws Exception {
        var stored = store(request(Metadata.MINIMAL), image(), false);

        assertThat(PngFileMetadata.read(bytes(stored)).source()).isEmpty();
        assertThat(stored.provenance()).isEqualTo(new Provenance(false, ContentCredentials.NONE));
        assertThat(metadata(stored)).containsEntry("digital-source-type", "trainedAlgorithmicMedia");
    }

    @DisplayName(
            "A provider's PNG with a C2PA manifest is stored byte for byte; what we have to say is in the metadata of the object")
    @Test
    void aSignedFileIsKept() throws Exception {
        var file = signedFile();

        var stored = store(request(Metadata.FULL), decode(file), true);

        assertThat(bytes(stored)).isEqualTo(file);
        assertThat(stored.provenance()).isEqualTo(new Provenance(false, ContentCredentials.KEPT));
        assertThat(stored.seed()).isEqualTo(40);
        assertThat(metadata(stored))
                .containsEntry("digital-source-type", "trainedAlgorithmicMedia")
                .containsEntry("job", SampleTasks.JOB.value())
                .containsEntry("model", "a-model")
                .containsEntry("seed", "40");
    }

    @Test
    void theMetadataOfASignedFileSaysNoMoreThanTheClientAskedFor() throws Exception {
        var stored = store(request(Metadata.NONE), decode(signedFile()), true);

        assertThat(metadata(stored)).doesNotContainKeys("job", "model").containsKey("digital-source-type");
    }

    @Test
    void aSignedFileThatHasXmpIsMarked() throws Exception {
        var marked =
                new PngWriter().write(image(), PngTextChunks.NONE.marked(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));

        var stored = store(request(Metadata.FULL), image().signedAs(marked), true);

        assertThat(bytes(stored)).isEqualTo(marked);
        assertThat(stored.provenance()).isEqualTo(new Provenance(true, ContentCredentials.KEPT));
    }

    @DisplayName("A JPEG has the mark, but not the manifest of the signed PNG beside it")
    @Test
    void aJpegIsMarkedAndItsSignedPngIsKept() throws Exception {
        var file = signedFile();
        var request =
                request(Metadata.MINIMAL).toBuilder().jpeg(new JpegEncoding(90)).build();

        var stored = store(request, decode(file), true);

        assertThat(stored.mediaType()).isEqualTo("image/jpeg");
        assertThat(stored.provenance()).isEqualTo(new Provenance(true, ContentCredentials.DROPPED));
        assertThat(new String(bytes(stored), StandardCharsets.ISO_8859_1))
                .contains(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.uri());
        try (var png =
                store.open(new ObjectKey(JobFolder.png(stored.key())), null).join()) {
            assertThat(png.stream().readAllBytes()).isEqualTo(file);
        }
    }

    @DisplayName("A signed image that must be cut has no manifest any more, and is marked like any other")
    @Test
    void aSignedImageThatIsCutLosesItsManifest() throws Exception {
        var cut = BlockAlignment.crop(decode(signedFile()), new ImageSize(36, 30), 40, List.of())
                .pixels();

        var stored = store(request(Metadata.MINIMAL), cut, true);

        assertThat(PngFileMetadata.read(bytes(stored)).hasContentCredentials()).isFalse();
        assertThat(original(stored)).isEqualTo(signedFile());
        assertThat(stored.provenance()).isEqualTo(new Provenance(true, ContentCredentials.DROPPED));
    }

    @Test
    void aSignedImageThatNeedsNoCutIsKept() throws Exception {
        var file = signedFile();

        var image = BlockAlignment.crop(decode(file), new ImageSize(40, 32), 40, List.of("a warning"))
                .pixels();

        assertThat(image.signedFile()).contains(file);
    }

    @Test
    void aRedeliveryReportsTheSameProvenance() throws Exception {
        var task = SampleTasks.task(request(Metadata.MINIMAL));
        var images = new ImageRepository(store, true);
        var first =
                images.storeAll(images.encode(task, task.request(), List.of(generated(decode(signedFile()))), true));

        assertThat(images.find(task).orElseThrow()).isEqualTo(first);
    }

    private StoredImage store(GenerationRequest request, PngImage image, boolean marksImages) throws Exception {
        var images = new ImageRepository(store, marksImages);
        var pending = images.encode(SampleTasks.task(request), request, List.of(generated(image)), true);
        return images.storeAll(pending).images().get(0);
    }

    private static GeneratedImage generated(PngImage image) {
        return new GeneratedImage(image, 40, Map.of());
    }

    private byte[] bytes(StoredImage image) throws Exception {
        try (var content = store.open(new ObjectKey(image.key()), null).join()) {
            return content.stream().readAllBytes();
        }
    }

    private byte[] original(StoredImage image) throws Exception {
        var key = new ObjectKey(JobFolder.original(image.key()));
        assertThat(store.find(key).join().orElseThrow().mediaType()).isEqualTo("image/png");
        try (var content = store.open(key, null).join()) {
            return content.stream().readAllBytes();
        }
    }

    private Map<String, String> metadata(StoredImage image) {
        return store.find(new ObjectKey(image.key())).join().orElseThrow().metadata();
    }

    private static PngImage image() throws Exception {
        return PngImage.read(png().file(false));
    }

    private static byte[] signedFile() {
        return png().with("caBX", MANIFEST).file(false);
    }

    private static PngImage decode(byte[] file) throws Exception {
        return new ImageFileDecoder(DecodingBudget.ofProcess(), 10_000).decode(file);
    }

    private static RawPng png() {
        return RawPng.random(40, 32, 2, 8, new Random(3));
    }

    private static GenerationRequest request(Metadata metadata) {
        return SampleTasks.request("a prompt", 1).toBuilder().metadata(metadata).build();
    }
}
