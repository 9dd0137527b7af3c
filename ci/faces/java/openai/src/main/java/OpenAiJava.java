import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.images.Image;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** The official client library of OpenAI for Java; see ../python_client.py. Arguments: the address, and that of a proxy that cuts every answer. */
final class OpenAiJava {

    public static void main(String[] arguments) throws Exception {
        for (String address : arguments) {
            check(OpenAIOkHttpClient.builder().baseUrl(address).apiKey("none").build(), arguments[0], "java " + System.nanoTime());
            System.out.println("openai-java " + address);
        }
    }

    private static void check(OpenAIClient client, String base, String suffix) throws Exception {
        ImagesResponse made = client.images().generate(generate("a card " + suffix, "256x192").n(2).build());
        require(made.data().orElseThrow().size() == 2, "two images");
        byte[] first = bytes(made.data().orElseThrow().get(0));
        require(width(first) == 256, "256 pixels");

        ImagesResponse one = client.images().edit(edit("one " + suffix).image(first).build());
        require(width(bytes(one.data().orElseThrow().get(0))) == 64, "an edit of one image");
        List<InputStream> three = List.of(new ByteArrayInputStream(first), new ByteArrayInputStream(first), new ByteArrayInputStream(first));
        ImagesResponse several = client.images().edit(edit("three " + suffix).imageOfInputStreams(three).build());
        require(several.data().orElseThrow().size() == 1, "an edit of three images");

        try (var stream = client.images().generateStreaming(generate("stream " + suffix, "64x64").build())) {
            long completed = stream.stream().filter(event -> event.isGenerationCompleted() && event.isValid()).count();
            require(completed == 1, "one completed event");
        }
        try {
            client.images().generate(generate("fail:moderation " + suffix, "64x64").build());
            throw new AssertionError("moderation");
        } catch (BadRequestException failure) {
            require("moderation_blocked".equals(failure.code().orElse("")), "the code " + failure.code());
        }
        require(jobs(base, "fail:moderation " + suffix) == 1, "one job");
        require(client.models().list().data().stream().anyMatch(model -> model.id().equals("test-card")), "models");

        ImagesResponse slow = client.images().generate(generate("delay:6s slow " + suffix, "64x64").build());
        require(width(bytes(slow.data().orElseThrow().get(0))) == 64, "a slow image");
        require(jobs(base, "slow " + suffix) == 1, "one slow job");
    }

    private static ImageGenerateParams.Builder generate(String prompt, String size) {
        return ImageGenerateParams.builder().model("test-card").prompt(prompt).size(ImageGenerateParams.Size.of(size));
    }

    private static ImageEditParams.Builder edit(String prompt) {
        return ImageEditParams.builder().model("test-card").prompt(prompt).size(ImageEditParams.Size.of("64x64"));
    }

    private static byte[] bytes(Image image) {
        return Base64.getDecoder().decode(image.b64Json().orElseThrow());
    }

    private static int width(byte[] png) {
        return ByteBuffer.wrap(png).getInt(16);
    }

    /** The number of jobs whose prompt has the words. */
    private static int jobs(String base, String words) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/generations?limit=100")).build();
        String list = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        return list.split("\"prompt\":\"[^\"]*" + java.util.regex.Pattern.quote(words), -1).length - 1;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
