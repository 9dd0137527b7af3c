package io.atelier.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import io.atelier.client.AtelierClient;
import io.atelier.client.GenerationView;
import io.atelier.client.ImageRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Generates and changes images with Atelier. Failures are {@link io.atelier.client.AtelierException}s. The metadata of each response has the id of the
 * generation. Thread-safe.
 */
public final class AtelierLangChainModel implements ImageModel {

    /** The key of the generation's id in the metadata of a response. */
    public static final String GENERATION = "atelier.generation";

    private final AtelierClient client;
    private final UnaryOperator<ImageRequest.Builder> settings;
    private final Duration timeout;

    /**
     * @param settings sets what all requests have in common, such as the model and the size
     * @param timeout how long to wait for images
     */
    public AtelierLangChainModel(AtelierClient client, UnaryOperator<ImageRequest.Builder> settings, Duration timeout) {
        this.client = client;
        this.settings = settings;
        this.timeout = timeout;
    }

    @Override
    public Response<Image> generate(String prompt) {
        return first(made(settings.apply(ImageRequest.builder(prompt))));
    }

    @Override
    public Response<List<Image>> generate(String prompt, int n) {
        var ended = made(settings.apply(ImageRequest.builder(prompt)).n(n));
        return response(images(ended), ended);
    }

    @Override
    public Response<Image> edit(Image image, String prompt) {
        return first(made(settings.apply(ImageRequest.builder(prompt)).file(upload(image))));
    }

    @Override
    public Response<Image> edit(Image image, Image mask, String prompt) {
        return first(made(
                settings.apply(ImageRequest.builder(prompt)).file(upload(image)).mask(upload(mask))));
    }

    private GenerationView made(ImageRequest.Builder request) {
        return client.generate(request.build(), timeout);
    }

    private Response<Image> first(GenerationView ended) {
        return response(images(ended).get(0), ended);
    }

    private static <T> Response<T> response(T content, GenerationView ended) {
        return Response.from(content, null, null, Map.of(GENERATION, ended.id()));
    }

    private List<Image> images(GenerationView ended) {
        return ended.images().stream()
                .map(image -> Image.builder()
                        .base64Data(Base64.getEncoder().encodeToString(client.image(ended.id(), image.index())))
                        .mimeType(image.mediaType())
                        .build())
                .toList();
    }

    private String upload(Image image) {
        @Nullable String base64 = image.base64Data();
        if (base64 == null) {
            throw new IllegalArgumentException(
                    "The image has no bytes in base64. Fetch its URL first, and build the image from the bytes.");
        }
        @Nullable String type = image.mimeType();
        return client.upload(Base64.getDecoder().decode(base64), type == null ? "image/png" : type)
                .id();
    }
}
