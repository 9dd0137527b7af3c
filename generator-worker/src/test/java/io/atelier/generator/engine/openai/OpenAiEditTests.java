package io.atelier.generator.engine.openai;

import static io.atelier.generator.provider.ProviderStub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.image.png.PngImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import okhttp3.MediaType;
import okhttp3.MultipartReader;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OpenAiEditTests {

    private static final byte[] BASE = SampleImages.png(32, 24);

    private final ProviderStub provider = new ProviderStub();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    @DisplayName("An edit is a form of prompt, model, n, size and image[], with the source as it is stored")
    void editIsAMultipartForm() throws Exception {
        var parts = parts(OpenAiFixtures.request("four \u00fcber \"views\""), new SourceImage(BASE, "image/png"));

        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/v1/images/edits");
        assertThat(call.header("Content-Type")).startsWith("multipart/form-data; boundary=");
        assertThat(parts).hasSize(5);
        assertThat(parts.subList(0, 4))
                .extracting(Part::heading, part -> part.body().utf8())
                .containsExactly(
                        tuple("form-data; name=\"prompt\"", "four \u00fcber \"views\""),
                        tuple("form-data; name=\"model\"", "gpt-image-1.5"),
                        tuple("form-data; name=\"n\"", "1"),
                        tuple("form-data; name=\"size\"", "auto"));
        var source = parts.get(4);
        assertThat(source.heading()).isEqualTo("form-data; name=\"image[]\"; filename=\"base_image.png\"");
        assertThat(source.type()).isEqualTo("image/png");
        assertThat(source.body().sha256()).isEqualTo(ByteString.of(BASE).sha256());
    }

    @Test
    @DisplayName("Several sources are several parts, each with its media type")
    void severalSourcesAreSeveralParts() throws Exception {
        var parts = parts(
                OpenAiFixtures.request("both together"),
                new SourceImage(BASE, "image/png"),
                new SourceImage(SampleImages.jpeg(8, 8), "image/jpeg"));

        assertThat(parts.subList(4, 6))
                .extracting(Part::heading)
                .containsExactly(
                        "form-data; name=\"image[]\"; filename=\"base_image.png\"",
                        "form-data; name=\"image[]\"; filename=\"image_2.jpg\"");
        assertThat(parts.get(5).type()).isEqualTo("image/jpeg");
    }

    @Test
    void settingsOfTheServerAreSentWithEditsToo() throws Exception {
        provider.always(json(200, image()));

        OpenAiFixtures.engine(provider, "quality", "high", "moderation", "low")
                .edit(
                        OpenAiFixtures.request("a harbour"),
                        SourceImages.of(new SourceImage(BASE, "image/png")),
                        OpenAiFixtures.run());

        assertThat(read(provider.calls().get(0)))
                .extracting(Part::heading)
                .contains("form-data; name=\"quality\"", "form-data; name=\"moderation\"");
    }

    @Test
    void requestedSizeIsSent() throws Exception {
        var request = OpenAiFixtures.request("a harbour", 1, new ImageSize(1536, 1024), OpenAiFixtures.MODEL);

        assertThat(parts(request, new SourceImage(BASE, "image/png"))
                        .get(3)
                        .body()
                        .utf8())
                .isEqualTo("1536x1024");
    }

    @Test
    @DisplayName("A mask is a PNG that is transparent where the image changes, whichever form the client used")
    void maskIsATransparentPng() throws Exception {
        var white = new BufferedImage(32, 24, BufferedImage.TYPE_BYTE_GRAY);
        white.getRaster().setSample(3, 4, 0, 255);
        provider.always(json(200, image()));

        OpenAiFixtures.engine(provider)
                .edit(
                        OpenAiFixtures.request("a hat"),
                        new SourceImages(List.of(new SourceImage(BASE, "image/png")), EditMask.of(PngImage.of(white))),
                        OpenAiFixtures.run());

        var parts = read(provider.calls().get(0));
        var mask = parts.get(parts.size() - 1);
        assertThat(mask.heading()).isEqualTo("form-data; name=\"mask\"; filename=\"mask.png\"");
        assertThat(mask.type()).isEqualTo("image/png");
        var pixels = ImageIO.read(new ByteArrayInputStream(mask.body().toByteArray()));
        assertThat(pixels.getRGB(3, 4) >>> 24).isZero();
        assertThat(pixels.getRGB(4, 4) >>> 24).isEqualTo(255);
    }

    @Test
    void strengthIsNotSentButReported() throws Exception {
        var request = OpenAiFixtures.request("a hat").toBuilder().strength(0.5).build();
        provider.always(json(200, image()));

        var images = OpenAiFixtures.engine(provider)
                .edit(request, SourceImages.of(new SourceImage(BASE, "image/png")), OpenAiFixtures.run());

        assertThat(read(provider.calls().get(0)))
                .extracting(Part::heading)
                .doesNotContain("form-data; name=\"strength\"");
        assertThat(images.get(0).metadata().get(GeneratedImage.WARNING)).contains("'strength'");
    }

    private List<Part> parts(GenerationRequest request, SourceImage... sources) throws IOException {
        provider.always(json(200, image()));
        var images = OpenAiFixtures.engine(provider).edit(request, SourceImages.of(sources), OpenAiFixtures.run());
        assertThat(images).hasSize(1);
        return read(provider.calls().get(0));
    }

    private static List<Part> read(ProviderStub.Call call) throws IOException {
        var boundary = MediaType.get(call.header("Content-Type")).parameter("boundary");
        var parts = new ArrayList<Part>();
        try (var reader = new MultipartReader(new Buffer().write(call.body()), String.valueOf(boundary))) {
            for (var part = reader.nextPart(); part != null; part = reader.nextPart()) {
                var headers = part.headers();
                parts.add(new Part(
                        String.valueOf(headers.get("Content-Disposition")),
                        String.valueOf(headers.get("Content-Type")),
                        part.body().readByteString()));
            }
        }
        return parts;
    }

    private static String image() {
        return "{\"data\":[{\"b64_json\":\"%s\"}]}"
                .formatted(Base64.getEncoder().encodeToString(BASE));
    }

    /** A part of a received form. */
    private record Part(String heading, String type, ByteString body) {}
}
