package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.failure;
import static io.atelier.generator.engine.cloudflare.CloudflareFixtures.generate;
import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.png;
import static io.atelier.generator.provider.ProviderStub.status;
import static io.atelier.generator.provider.ProviderStub.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.Requested;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.worker.cancellation.Cancellation;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerWireTests {

    private final CloudflareFixtures cloudflare = new CloudflareFixtures();
    private final ProviderStub provider = cloudflare.provider.always(png(512, 512));

    @AfterEach
    void close() {
        cloudflare.close();
    }

    @Test
    @DisplayName("Each engine calls only its own worker")
    void eachEngineCallsOnlyItsOwnWorker() {
        generate(cloudflare.flux(), "a cat");
        generate(cloudflare.sdxl(), "a dog");

        assertThat(provider.calls())
                .extracting(ProviderStub.Call::path)
                .containsExactly("/flux?prompt=a%20cat", "/sdxl");
    }

    @Test
    @DisplayName(
            "An engine starts and is ready while its worker is away; the first connection is made for the first job")
    void engineConnectsWithItsFirstJob() {
        var flux = cloudflare.flux("url", "http://127.0.0.1:9/");
        var sdxl = cloudflare.sdxl();

        assertThat(flux.status()).isEqualTo(EngineStatus.READY);
        assertThat(sdxl.status()).isEqualTo(EngineStatus.READY);
        assertThat(provider.calls()).isEmpty();

        generate(sdxl, "a cat");

        assertThat(provider.connections()).isEqualTo(1);
        assertThat(failure(flux).code()).isEqualTo(Code.NETWORK_ERROR);
    }

    @Test
    @DisplayName("20 jobs in sequence share one client and use at most two connections")
    void oneClientServesAllJobs() {
        var flux = cloudflare.flux();

        for (int i = 0; i < 20; i++) {
            generate(flux, "a cat");
        }

        assertThat(provider.calls()).hasSize(20);
        assertThat(provider.connections()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("Flux is called by GET with the prompt, without body and key")
    void fluxIsCalledByGet() {
        generate(cloudflare.flux(), "A beautiful cat");

        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.path()).isEqualTo("/flux?prompt=A%20beautiful%20cat");
        assertThat(call.text()).isEmpty();
        assertThat(call.headers().names()).doesNotContain("Authorization", "Content-Type");
    }

    @ParameterizedTest
    @CsvSource({
        "/flux?style=plain%20one, /flux?style=plain%20one&prompt=a%20cat",
        "/flux?, /flux?prompt=a%20cat",
        "/, /?prompt=a%20cat"
    })
    @DisplayName("A query in the worker's address is kept, and the prompt is appended")
    void queryOfTheAddressIsKept(String address, String expected) {
        generate(cloudflare.flux("url", provider.url("/").replaceAll("/$", "") + address), "a cat");

        assertThat(provider.calls().get(0).path()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "A beautiful cat & dog/\u00E9?, A%20beautiful%20cat%20%26%20dog/%C3%A9%3F",
        "1 + 1, 1%20%2B%201",
        "100%, 100%25",
        "a%20b, a%2520b",
        "A-z_0.9~, A-z_0.9~",
        "\uD83D\uDC31=#, %F0%9F%90%B1%3D%23",
        "(!*;:@$[]), %28%21%2A%3B%3A%40%24%5B%5D%29"
    })
    @DisplayName("The prompt is percent-encoded, not form-encoded")
    void promptIsPercentEncoded(String prompt, String encoded) {
        generate(cloudflare.flux(), prompt);

        assertThat(provider.calls().get(0).path()).isEqualTo("/flux?prompt=" + encoded);
    }

    @Test
    @DisplayName("Line ends in the prompt are percent-encoded")
    void lineEndsAreEncoded() {
        generate(cloudflare.flux(), "A beautiful cat & dog/\u00E9? 100%\nnew");

        assertThat(provider.calls().get(0).path())
                .isEqualTo("/flux?prompt=A%20beautiful%20cat%20%26%20dog/%C3%A9%3F%20100%25%0Anew");
    }

    @Test
    @DisplayName("SDXL is called by POST with JSON and the key")
    void sdxlIsCalledByPost() {
        generate(cloudflare.sdxl(), "A beautiful cat");

        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.header("Authorization")).isEqualTo("Bearer test_key_1234");
        assertThat(call.header("Content-Type")).isEqualTo("application/json");
        assertThat(call.text()).isEqualTo("{\"prompt\":\"A beautiful cat\"}");
    }

    @Test
    @DisplayName("The type of an image is taken from its bytes, not from the worker's header")
    void typeOfAnImageIsTakenFromItsBytes() {
        provider.then(answer(200, "image/png", SampleImages.jpeg(40, 30)));

        var image = generate(cloudflare.flux(), "a cat");

        assertThat(image.pixels().width()).isEqualTo(40);
        assertThat(image.pixels().height()).isEqualTo(30);
    }

    @Test
    @DisplayName("An engine can be closed twice, and without having been used")
    void engineCanBeClosedTwice() {
        var flux = cloudflare.flux();
        generate(flux, "a cat");
        flux.close();

        assertThatCode(flux::close).doesNotThrowAnyException();
        assertThatCode(cloudflare.sdxl()::close).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("A GET follows up to 20 redirects")
    void getFollowsRedirects() {
        provider.then(with(status(302), "Location", "/moved?prompt=a"), with(status(301), "Location", "/again"));

        generate(cloudflare.flux(), "a cat");

        assertThat(provider.calls().get(2).path()).isEqualTo("/again");
        provider.always(with(status(302), "Location", "/round"));
        assertThat(failure(cloudflare.flux()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(3 + 21);
    }

    @Test
    @DisplayName("A POST that is redirected with 307 or 308 keeps its body")
    void redirectedPostKeepsItsBody() {
        provider.then(with(status(307), "Location", "/moved"), with(status(308), "Location", "/again"));

        generate(cloudflare.sdxl(), "a cat");

        var last = provider.calls().get(2);
        assertThat(last.method()).isEqualTo("POST");
        assertThat(last.path()).isEqualTo("/again");
        assertThat(last.text()).isEqualTo("{\"prompt\":\"a cat\"}");
        assertThat(last.header("Authorization")).isEqualTo("Bearer " + CloudflareFixtures.KEY);
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303"})
    @DisplayName("A redirected POST does not become a GET")
    void redirectedPostDoesNotBecomeAGet(int status) {
        provider.then(with(status(status), "Location", "/moved"));

        assertThat(failure(cloudflare.sdxl()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("A redirected POST becomes a GET if the operator sets it")
    void redirectedPostBecomesAGetIfConfigured() {
        provider.then(with(status(302), "Location", "/moved"));

        generate(cloudflare.sdxl("remote.follow-post-as-get", "true"), "a cat");

        assertThat(provider.calls().get(1).method()).isEqualTo("GET");
        assertThat(provider.calls().get(1).text()).isEmpty();
    }

    @Test
    @DisplayName("The key is not sent to another host after a redirect")
    void keyIsNotSentToAnotherHost() {
        try (var other = new ProviderStub()) {
            other.always(png(8, 8));
            provider.then(with(status(307), "Location", other.url("/sdxl")));

            generate(cloudflare.sdxl(), "a cat");

            assertThat(other.calls().get(0).text()).isEqualTo("{\"prompt\":\"a cat\"}");
            assertThat(other.calls().get(0).headers().names()).doesNotContain("Authorization");
        }
    }

    @Test
    @DisplayName("Several images are requested one by one, in order, and each is reported")
    void imagesAreRequestedOneByOne() {
        provider.then(png(512, 512), png(256, 256), png(512, 512));
        var reports = new ArrayList<String>();
        var run = new GenerationRun(
                "a job", 1, (phase, step, steps) -> reports.add(phase + " " + step + "/" + steps), new Cancellation());

        var images = cloudflare.flux().generate(Requested.of("a cat").images(3).request(), run);

        assertThat(images).extracting(image -> image.pixels().width()).containsExactly(512, 256, 512);
        assertThat(images)
                .extracting(image -> image.metadata().getOrDefault(GeneratedImage.WARNING, ""))
                .containsExactly(
                        "", "The engine decides the size: it generated 256 x 256 pixels instead of 512 x 512.", "");
        assertThat(reports).containsExactly("draw 0/3", "draw 1/3", "draw 2/3", "draw 3/3");
    }
}
