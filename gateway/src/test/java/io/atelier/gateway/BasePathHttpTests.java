package io.atelier.gateway;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A gateway that is itself below a path. */
@GatewayHttpTest
@TestPropertySource(properties = "spring.webflux.base-path=" + BasePathHttpTests.BASE)
class BasePathHttpTests {

    static final String BASE = "/studio";

    @LocalServerPort
    private int port;

    @Autowired
    private FakeJobs jobs;

    private WebTestClient client;

    /** The client of the other tests puts the path before every request. */
    @BeforeEach
    void connect() {
        client = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofMinutes(3))
                .build();
    }

    @Test
    void everyLinkOfTheDocsLeadsBelowThePath() {
        new DocsLinks(client, BASE, "").assertAllLead();
    }

    @Test
    void everyLinkOfTheDocsLeadsBelowBothPathsBehindAProxy() {
        new DocsLinks(client, "/images/v2" + BASE, "/images/v2").assertAllLead();
    }

    @Test
    void pathsInResponsesBeginWithBothPathsBehindAProxy() {
        var job = jobs.show(SampleJobs.succeeded(new byte[] {1}));

        client.get()
                .uri(BASE + "/v1/generations/" + job.id())
                .header("X-Forwarded-Prefix", "/images")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.images[0].url")
                .isEqualTo("/images" + BASE + "/v1/generations/" + job.id() + "/images/0");
    }
}
