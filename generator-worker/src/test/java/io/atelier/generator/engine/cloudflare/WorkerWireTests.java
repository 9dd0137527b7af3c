package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.engine.cloudflare.Workers.draw;
import static io.atelier.generator.engine.cloudflare.Workers.failure;
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

    private final Workers workers = new Workers();
    private final ProviderStub provider = workers.provider.always(png(512, 512));

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    @DisplayName("B-01: each engine asks only its own worker")
    void eachEngineAsksOnlyItsOwnWorker() {
        draw(workers.flux(), "a cat");
        draw(workers.sdxl(), "a dog");

        assertThat(provider.calls())
                .extracting(ProviderStub.Call::path)
                .containsExactly("/flux?prompt=a%20cat", "/sdxl");
    }

    @Test
    @DisplayName(
            "B-02: an engine whose worker is away starts and says that it is ready; nothing connects before the first job")
    void nothingConnectsBeforeTheFirstJob() {
        var flux = workers.flux("url", "http://127.0.0.1:9/");
        var sdxl = workers.sdxl();

        assertThat(flux.status()).isEqualTo(EngineStatus.READY);
        assertThat(sdxl.status()).isEqualTo(EngineStatus.READY);
        assertThat(provider.calls()).isEmpty();
    }

    @Test
    @DisplayName("B-03: 20 jobs, one after the other, use one client and at most two connections")
    void oneClientServesAllJobs() {
        var flux = workers.flux();

        for (int i = 0; i < 20; i++) {
            draw(flux, "a cat");
        }

        assertThat(provider.calls()).hasSize(20);
        assertThat(provider.connections()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("B-04: Flux is asked by GET with the prompt, without body and key")
    void fluxIsAskedByGet() {
        draw(workers.flux(), "A beautiful cat");

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
    @DisplayName("B-04: a query that the worker's address has stays, and the prompt follows it")
    void queryOfTheAddressStays(String address, String asked) {
        draw(workers.flux("url", provider.url("/").replaceAll("/$", "") + address), "a cat");

        assertThat(provider.calls().get(0).path()).isEqualTo(asked);
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
    @DisplayName("B-05: the prompt is percent-encoded, not form-encoded")
    void promptIsPercentEncoded(String prompt, String encoded) {
        draw(workers.flux(), prompt);

        assertThat(provider.calls().get(0).path()).isEqualTo("/flux?prompt=" + encoded);
    }

    @Test
    @DisplayName("B-05: line ends are encoded, too")
    void lineEndsAreEncoded() {
        draw(workers.flux(), "A beautiful cat & dog/\u00E9? 100%\nnew");

        assertThat(provider.calls().get(0).path())
                .isEqualTo("/flux?prompt=A%20beautiful%20cat%20%26%20dog/%C3%A9%3F%20100%25%0Anew");
    }

    @Test
    @DisplayName("B-06: SDXL is asked by POST with JSON and the key")
    void sdxlIsAskedByPost() {
        draw(workers.sdxl(), "A beautiful cat");

        var call = provider.calls().get(0);
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.header("Authorization")).isEqualTo("Bearer test_key_1234");
        assertThat(call.header("Content-Type")).isEqualTo("application/json");
        assertThat(call.text()).isEqualTo("{\"prompt\":\"A beautiful cat\"}");
    }

    @Test
    @DisplayName("B-16, B-35: pictures are what their bytes are, whatever the worker calls them")
    void jpegIsAImage() {
        provider.then(answer(200, "image/png", SampleImages.jpeg(40, 30)));

        var image = draw(workers.flux(), "a cat");

        assertThat(image.pixels().getWidth()).isEqualTo(40);
        assertThat(image.pixels().getHeight()).isEqualTo(30);
    }

    @Test
    @DisplayName("B-19: an engine can be closed twice, also one that never drew")
    void closingTwiceIsFine() {
        var flux = workers.flux();
        draw(flux, "a cat");
        flux.close();

        assertThatCode(flux::close).doesNotThrowAnyException();
        assertThatCode(workers.sdxl()::close).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("B-22: a GET follows its redirections, 20 at most")
    void getFollowsRedirections() {
        provider.then(with(status(302), "Location", "/moved?prompt=a"), with(status(301), "Location", "/again"));

        draw(workers.flux(), "a cat");

        assertThat(provider.calls().get(2).path()).isEqualTo("/again");
        provider.always(with(status(302), "Location", "/round"));
        assertThat(failure(workers.flux()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(3 + 21);
    }

    @Test
    @DisplayName("B-22: a POST is sent on with its body by 307 and 308")
    void postIsSentOnWithItsBody() {
        provider.then(with(status(307), "Location", "/moved"), with(status(308), "Location", "/again"));

        draw(workers.sdxl(), "a cat");

        var last = provider.calls().get(2);
        assertThat(last.method()).isEqualTo("POST");
        assertThat(last.path()).isEqualTo("/again");
        assertThat(last.text()).isEqualTo("{\"prompt\":\"a cat\"}");
        assertThat(last.header("Authorization")).isEqualTo("Bearer " + Workers.KEY);
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303"})
    @DisplayName("B-22: a POST does not become a GET")
    void postDoesNotBecomeAGet(int status) {
        provider.then(with(status(status), "Location", "/moved"));

        assertThat(failure(workers.sdxl()).code()).isEqualTo(Code.PROVIDER_ERROR);
        assertThat(provider.calls()).hasSize(1);
    }

    @Test
    @DisplayName("B-22: a POST becomes a GET where the operator wants it as it used to be")
    void postBecomesAGetIfTheOperatorWantsIt() {
        provider.then(with(status(302), "Location", "/moved"));

        draw(workers.sdxl("remote.follow-post-as-get", "true"), "a cat");

        assertThat(provider.calls().get(1).method()).isEqualTo("GET");
        assertThat(provider.calls().get(1).text()).isEmpty();
    }

    @Test
    @DisplayName("B-22: the key does not follow to another host")
    void keyDoesNotFollowToAnotherHost() {
        try (var other = new ProviderStub()) {
            other.always(png(8, 8));
            provider.then(with(status(307), "Location", other.url("/sdxl")));

            draw(workers.sdxl(), "a cat");

            assertThat(other.calls().get(0).text()).isEqualTo("{\"prompt\":\"a cat\"}");
            assertThat(other.calls().get(0).headers().names()).doesNotContain("Authorization");
        }
    }

    @Test
    @DisplayName("B-31: several pictures are asked for one by one, in order, and each is told of")
    void imagesAreAskedForOneByOne() {
        provider.then(png(512, 512), png(256, 256), png(512, 512));
        var told = new ArrayList<String>();
        var run = new GenerationRun(
                "a job", 1, (phase, step, steps) -> told.add(phase + " " + step + "/" + steps), new Cancellation());

        var images = workers.flux().generate(Requested.of("a cat").images(3).request(), run);

        assertThat(images).extracting(image -> image.pixels().getWidth()).containsExactly(512, 256, 512);
        assertThat(images)
                .extracting(image -> image.notes().getOrDefault(GeneratedImage.WARNING, ""))
                .containsExactly(
                        "", "The engine decides the size: it generated 256 x 256 pixels instead of 512 x 512.", "");
        assertThat(told).containsExactly("draw 0/3", "draw 1/3", "draw 2/3", "draw 3/3");
    }
}
