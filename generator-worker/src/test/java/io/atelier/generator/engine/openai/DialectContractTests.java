package io.atelier.generator.engine.openai;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderStub;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** Each dialect fulfils the contract of engines, against a fake server that refuses what the real one refuses. */
class DialectContractTests {

    @Nested
    class OpenAi extends DialectContract {
        OpenAi() {
            super(Dialect.OPENAI);
        }
    }

    @Nested
    class Ovms extends DialectContract {
        Ovms() {
            super(Dialect.OVMS);
        }
    }

    @Nested
    class LocalAi extends DialectContract {
        LocalAi() {
            super(Dialect.LOCALAI);
        }
    }

    @Nested
    class SdCpp extends DialectContract {
        SdCpp() {
            super(Dialect.SDCPP);
        }
    }

    @Nested
    class VllmOmni extends DialectContract {
        VllmOmni() {
            super(Dialect.VLLM_OMNI);
        }
    }

    @Nested
    class SgLang extends DialectContract {
        SgLang() {
            super(Dialect.SGLANG);
        }
    }

    @Nested
    class Ollama extends DialectContract {
        Ollama() {
            super(Dialect.OLLAMA);
        }
    }

    @Nested
    class Atelier extends DialectContract {
        Atelier() {
            super(Dialect.ATELIER);
        }
    }

    /** The contract of engines for one dialect. */
    abstract static class DialectContract extends EngineContract {

        private final ProviderStub provider = new ProviderStub();
        private final OpenAiEngine engine;
        private final ImageSize size;

        DialectContract(Dialect dialect) {
            // The model has only three sizes at OpenAI; the catalogue refuses others.
            size = dialect == Dialect.OPENAI ? new ImageSize(1024, 1024) : new ImageSize(64, 48);
            provider.always(new ImageServer(dialect));
            engine = OpenAiFixtures.engineAt(
                    provider.url(dialect == Dialect.OVMS ? "/v3" : "/v1"),
                    "dialect",
                    dialect.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }

        @AfterEach
        void close() {
            engine.close();
            provider.close();
        }

        @Override
        protected long imageRequests() {
            return provider.calls().size();
        }

        @Override
        protected void failNextImageRequest() {
            provider.then(ProviderStub.status(502));
        }

        @Override
        protected GenerationEngine engine() {
            return engine;
        }

        @Override
        protected GenerationRequest request(int n, long seed) {
            return requestOf("a harbour", n, seed);
        }

        @Override
        protected GenerationRequest slowRequest() {
            return requestOf("slow harbour", 1, 1);
        }

        private GenerationRequest requestOf(String prompt, int n, long seed) {
            return GenerationRequest.builder()
                    .prompt(prompt)
                    .negativePrompt("boats")
                    .model("gpt-image-1.5")
                    .requestedModel("gpt-image-1.5")
                    .engine("openai")
                    .pool("default")
                    .n(n)
                    .size(size)
                    .steps(3)
                    .guidanceScale(2.5)
                    .seed(seed)
                    .metadata(GenerationRequest.Metadata.FULL)
                    .build();
        }
    }
}
