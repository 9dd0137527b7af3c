package io.atelier.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.worker.source.Redirects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redirects between https and http; an interceptor answers instead of servers. */
class HttpExchangeTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> called = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void noRedirectLeadsFromHttpsToHttp(int status) {
        assertThatThrownBy(() -> send("https://a.example/image", status, "http://b.example/image"))
                .isInstanceOf(Redirects.Refused.class)
                .hasMessage("A redirect from https to http");
        assertThat(called).containsExactly("https://a.example/image");
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example/1, https://b.example/2",
        "http://a.example/1, https://b.example/2",
        "http://a.example/1, http://b.example/2",
        "https://a.example/1, /2",
        "https://a.example/1, //b.example/2"
    })
    void otherRedirectsAreFollowed(String first, String location) {
        assertThat(send(first, 302, location)).isEqualTo(200);
        assertThat(called).hasSize(2);
    }

    @Test
    void aLaterRedirectIsCheckedToo() {
        assertThatThrownBy(() -> send("http://a.example/1", 302, "https://b.example/2", "http://c.example/3"))
                .isInstanceOf(Redirects.Refused.class);
        assertThat(called).containsExactly("http://a.example/1", "https://b.example/2");
    }

    private int send(String url, int status, String... locations) {
        var client = new OkHttpClient.Builder()
                .followRedirects(false)
                .addInterceptor(chain -> {
                    var request = chain.request();
                    called.add(request.url().toString());
                    boolean last = called.size() > locations.length;
                    var response = new Response.Builder()
                            .request(request)
                            .protocol(Protocol.HTTP_1_1)
                            .code(last ? 200 : status)
                            .message("")
                            .body(ResponseBody.create("", MediaType.get("text/plain")));
                    if (!last) {
                        response.header("Location", locations[called.size() - 1]);
                    }
                    return response.build();
                })
                .build();
        var exchange = new HttpExchange(client, 1_000, true);
        var response = exchange.send(new Request.Builder().url(url).build()).block(TIMEOUT);
        return response == null ? 0 : response.status();
    }
}
