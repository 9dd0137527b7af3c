import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.openai.OpenAiImageModel;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/**
 * LangChain4j's model of OpenAI's images; see ../python_client.py. It does not repeat a request that timed out, so its caller does, with the same key.
 * Arguments: the address, and that of a proxy that cuts every answer.
 */
final class LangChain4j {

    public static void main(String[] arguments) {
        for (String address : arguments) {
            OpenAiImageModel model = model(address).build();
            require(model.generate("a card langchain4j " + address, 2).content().size() == 2, "two images");
            Image made = model.generate("a base langchain4j " + address).content();
            require(width(made) == 256, "256 pixels");
            require(width(model.edit(made, "an edit langchain4j " + address).content()) == 256, "an edit");
            OpenAiImageModel keyed = model(address)
                    .customHeaders(Map.of("Idempotency-Key", UUID.randomUUID().toString()))
                    .build();
            require(width(slow(keyed, "delay:6s slow langchain4j " + address)) == 256, "a slow image");
            try {
                model.generate("fail:moderation langchain4j " + address);
                throw new AssertionError("moderation");
            } catch (RuntimeException failure) {
                require(String.valueOf(failure.getMessage()).contains("moderation_blocked"), failure.toString());
            }
            System.out.println("LangChain4j " + address);
        }
    }

    private static Image slow(OpenAiImageModel keyed, String prompt) {
        try {
            keyed.generate(prompt);
            throw new AssertionError("the wait was shorter than the delay");
        } catch (RuntimeException timeout) {
            require(String.valueOf(timeout.getMessage()).contains("wait_timeout"), timeout.toString());
            return keyed.generate(prompt).content();
        }
    }

    private static OpenAiImageModel.OpenAiImageModelBuilder model(String address) {
        return OpenAiImageModel.builder().baseUrl(address).apiKey("none").modelName("test-card").size("256x192").maxRetries(3);
    }

    private static int width(Image image) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(image.base64Data())).getInt(16);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
