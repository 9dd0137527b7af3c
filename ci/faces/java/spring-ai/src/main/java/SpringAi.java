import java.nio.ByteBuffer;
import java.util.Base64;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;

/** Spring AI's model of OpenAI's images; see ../python_client.py. Arguments: the address, and that of a proxy that cuts every answer. */
final class SpringAi {

    public static void main(String[] arguments) {
        for (String address : arguments) {
            var options = OpenAiImageOptions.builder();
            options.model("test-card").baseUrl(address).apiKey("none");
            var model = OpenAiImageModel.builder().options(options.width(256).height(192).n(2).build()).build();
            ImageResponse made = model.call(new ImagePrompt("a card spring " + address));
            require(made.getResults().size() == 2, "two images");
            require(width(made) == 256, "256 pixels");
            require(width(model.call(new ImagePrompt("delay:6s slow spring " + address))) == 256, "a slow image");
            try {
                model.call(new ImagePrompt("fail:moderation spring " + address));
                throw new AssertionError("moderation");
            } catch (RuntimeException failure) {
                require(String.valueOf(failure.getMessage()).contains("test card fail"), failure.toString());
            }
            System.out.println("Spring AI " + address);
        }
    }

    private static int width(ImageResponse response) {
        byte[] png = Base64.getDecoder().decode(response.getResult().getOutput().getB64Json());
        return ByteBuffer.wrap(png).getInt(16);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
