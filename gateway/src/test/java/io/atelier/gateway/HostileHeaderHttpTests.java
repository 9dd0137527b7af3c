package io.atelier.gateway;

import static io.atelier.gateway.RawRequest.INVALID;
import static io.atelier.gateway.RawRequest.VALIDATION;
import static io.atelier.gateway.RawRequest.createUnder;
import static io.atelier.gateway.RawRequest.each;
import static io.atelier.gateway.RawRequest.get;
import static io.atelier.gateway.RawRequest.sendBody;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Headers that mean something to the API with values that mean nothing, and headers that mean nothing to it. */
@GatewayHttpTest
@ExtendWith(OutputCaptureExtension.class)
class HostileHeaderHttpTests extends RawExchange {

    static Stream<RawRequest> preferences() {
        return Stream.of(
                        each(
                                "202",
                                "",
                                value -> createUnder("Prefer: " + value),
                                "",
                                "wait=0",
                                "wait=-1",
                                "wait=1.5",
                                "wait=abc",
                                "wait=0x10",
                                "wait==1",
                                "wait=\"",
                                "WAIT=0",
                                "wait=99999999999999999999999",
                                "respond-async",
                                "respond-async=no",
                                "return=minimal",
                                ";",
                                ",,,",
                                "=",
                                "\"wait=5\"",
                                "wait=0\r\nPrefer: wait=5",
                                "respond-async, wait=0",
                                "a,".repeat(3_000)),
                        each(
                                "202",
                                "",
                                value -> createUnder("Cancel-After: " + value),
                                "1",
                                "90s",
                                "168h",
                                "604800s",
                                " 5s ",
                                "1h1m1s",
                                "1H"),
                        each(
                                "422",
                                VALIDATION,
                                value -> createUnder("Cancel-After: " + value),
                                "",
                                "0",
                                "-1",
                                "1.5",
                                "1e3",
                                "+5",
                                "5 s",
                                "5d",
                                "5ms",
                                "h5",
                                "s",
                                "1s1h",
                                "P1D",
                                "PT5S",
                                "5S5S",
                                "0x5",
                                "NaN",
                                "604801",
                                "168h1s",
                                "99999999999999999999",
                                "\u00b2",
                                "5s,5s",
                                "5s\r\nCancel-After: 5s",
                                "5s\r\nCancel-After: "),
                        each(
                                "202",
                                "",
                                value -> createUnder("Idempotency-Key: " + value),
                                "h-1",
                                "\"h 2\"",
                                "h-3 x",
                                "h-4" + "x".repeat(251),
                                "h-5!#$%&'()*",
                                "h-6,b",
                                "\"h-7\\\"b\"",
                                "h-8\"b"),
                        each(
                                "400",
                                INVALID,
                                value -> createUnder("Idempotency-Key: " + value),
                                "",
                                "\"\"",
                                "\u00e9",
                                "a\tb",
                                "x".repeat(256),
                                "a\r\nIdempotency-Key: a",
                                "a\r\nIdempotency-Key: b",
                                "a\r\nIdempotency-Key:"))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> negotiation() {
        return Stream.of(
                        each(
                                "202",
                                "",
                                value -> createUnder("Accept: " + value),
                                "*/*",
                                "application/json",
                                "application/*",
                                "application/json;q=0.5",
                                "application/json; charset=utf-8",
                                "APPLICATION/JSON",
                                "text/html, */*;q=0.1",
                                "*/*;q=0.001",
                                "application/vnd.x+json, application/json",
                                "",
                                ","),
                        each(
                                "406",
                                "not-acceptable",
                                value -> createUnder("Accept: " + value),
                                "text/html",
                                "application/xml",
                                "image/png",
                                "image/webp",
                                "application",
                                "application/",
                                "/json",
                                "a/b/c",
                                "application/json;q=2",
                                "application/json;q=x",
                                "\"application/json\"",
                                "*/json",
                                "application/json, nothing",
                                "multipart/mixed; boundary=x",
                                "a/b,".repeat(60) + "a/b"),
                        each(
                                "202",
                                "",
                                type -> sendBody(
                                        "POST", "/v1/generations", "{\"prompt\": \"x\"}", "Content-Type: " + type),
                                "application/json",
                                "application/json; charset=utf-8",
                                "application/json;charset=\"UTF-8\"",
                                "APPLICATION/JSON",
                                "application/json; x=y",
                                "application/json ; charset=utf-8"),
                        each(
                                "415",
                                "unsupported-media-type",
                                type -> sendBody(
                                        "POST", "/v1/generations", "{\"prompt\": \"x\"}", "Content-Type: " + type),
                                "",
                                "text/json",
                                "application",
                                "application/",
                                "/json",
                                "*/*",
                                "application/*",
                                "application/*+json",
                                "application/vnd.x+json",
                                "application/json, text/plain",
                                "application/jsonp",
                                "application/json\\",
                                "application/merge-patch+json",
                                "application/json; charset=",
                                "application/json; charset=nothing",
                                "application/x-www-form-urlencoded",
                                "multipart/form-data; boundary=x",
                                "\"application/json\""),
                        each(
                                "400",
                                INVALID,
                                type -> sendBody(
                                        "POST", "/v1/generations", "{\"prompt\": \"x\"}", "Content-Type: " + type),
                                "application/json\r\nContent-Type: text/plain",
                                "application/json\r\nContent-Type: application/json"),
                        each(
                                "415",
                                "unsupported-media-type",
                                value -> createUnder("Content-Encoding: " + value),
                                "deflate",
                                "br",
                                "zstd",
                                "compress",
                                "nothing",
                                "*",
                                "gzip;q=1",
                                "identity;q=0",
                                "gzip, gzip",
                                "gzip\r\nContent-Encoding: gzip"),
                        each(
                                "400",
                                INVALID,
                                value -> createUnder("Content-Encoding: " + value),
                                "gzip",
                                "GZIP",
                                "x-gzip",
                                "identity, gzip"),
                        each(
                                "202",
                                "",
                                value -> createUnder("Content-Encoding: " + value),
                                "",
                                "identity",
                                "IDENTITY, identity",
                                ","))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> origins() {
        return Stream.of(
                        each(
                                "202",
                                "",
                                value -> createUnder("Origin: " + value),
                                "http://localhost",
                                "http://LOCALHOST",
                                "http://localhost:80"),
                        each(
                                "403",
                                "cross-site-request",
                                value -> createUnder("Origin: " + value),
                                "null",
                                "",
                                "https://evil.example",
                                "http://localhost:9",
                                "http://localhost.evil.example",
                                "http://localhost@evil.example",
                                "http://evil.example#localhost",
                                "file://",
                                "localhost",
                                "http://",
                                "http://[::1",
                                "http://localhost, http://evil.example",
                                "http://127.0.0.1",
                                "http://[::1]",
                                "\u00e9",
                                "javascript:alert(1)"),
                        each("202", "", value -> createUnder("Sec-Fetch-Site: " + value), "none", "same-origin"),
                        each(
                                "403",
                                "cross-site-request",
                                value -> createUnder("Sec-Fetch-Site: " + value),
                                "",
                                "cross-site",
                                "same-site",
                                "nothing",
                                "Same-Origin",
                                "same-origin, cross-site"),
                        each(
                                "403",
                                "cross-site-request",
                                request -> sendBody(
                                        request.split(" ", -1)[0],
                                        request.split(" ", -1)[1],
                                        "{}",
                                        "Sec-Fetch-Site: cross-site"),
                                "PUT /v1/generations/320c3d4d-cc00-4d5b-8ec9-32d5f69181c1",
                                "DELETE /v1/generations/FAILED",
                                "POST /v1/generations/RUNNING/cancel",
                                "POST /v1/generations/FAILED/retry",
                                "POST /v1/generations/FAILED/split",
                                "POST /v1/grids/split",
                                "PATCH /v1/generations/RUNNING",
                                "FROB /v1/generations/RUNNING"))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> ignored() {
        return Stream.of(each(
                        "202",
                        "",
                        header -> createUnder(header),
                        "X-Forwarded-Host: evil.example",
                        "X-Forwarded-Proto: javascript",
                        "X-Forwarded-For: 1.2.3.4",
                        "X-Forwarded-Port: 99999999",
                        "X-Forwarded-Ssl: on",
                        "Forwarded: host=evil.example;proto=x",
                        "X-Forwarded-Prefix: //evil.example",
                        "X-Forwarded-Prefix: /%2e%2e",
                        "X-Forwarded-Prefix: " + "/a".repeat(200),
                        "X-Forwarded-Prefix: /a\r\nX-Forwarded-Prefix: /b",
                        "X-Original-URL: /actuator/env",
                        "X-Rewrite-URL: /x",
                        "X-HTTP-Method-Override: DELETE",
                        "Range: bytes=0-0",
                        "If-None-Match: *",
                        "If-Match: \"x\"",
                        "If-Modified-Since: yesterday",
                        "Last-Event-ID: x",
                        "Expect: 200-maybe",
                        "TE: trailers",
                        "Max-Forwards: 0",
                        "Cookie: a=b; a=b",
                        "Authorization: Basic !",
                        "traceparent: x",
                        "traceparent:",
                        "traceparent: 00-00000000000000000000000000000000-0000000000000000-00",
                        "traceparent: 00-" + "f".repeat(32) + "-" + "f".repeat(16) + "-ff",
                        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                        "traceparent: a\r\ntraceparent: b",
                        "tracestate: " + "a=b,".repeat(1_000),
                        "baggage: " + "k=v,".repeat(1_000),
                        "x-request-id: \u00e9",
                        "x-request-id: a b",
                        "x-request-id: ../../x",
                        "x-request-id: " + "x".repeat(129),
                        "x-request-id: a\r\nx-request-id: b"))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> versions() {
        return Stream.of(
                        each(
                                "200",
                                "",
                                tag -> get("/v1/generations/RUNNING", "If-None-Match: " + tag),
                                "",
                                "x",
                                "\"",
                                "\"x\"",
                                "\"999999999999-0\"",
                                "W/",
                                "2-0",
                                "\"1-0\"",
                                "\"a\" \"b\"",
                                "\"a\",".repeat(1_000)),
                        each(
                                "200",
                                "",
                                header -> get("/v1/generations/RUNNING", header),
                                "Range: bytes=0-0",
                                "If-Modified-Since: Sat, 29 Oct 2994 19:43:31 GMT",
                                "If-Match: *",
                                "Prefer: wait=0",
                                "Accept: application/*"),
                        each(
                                "412",
                                "precondition-failed",
                                header -> get("/v1/generations/RUNNING", header),
                                "If-Match: \"x\""),
                        each(
                                "406",
                                "not-acceptable",
                                header -> get("/v1/generations/RUNNING", header),
                                "Accept: text/event-stream",
                                "Accept: image/png",
                                "Accept: x"))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest
    @MethodSource({"preferences", "negotiation", "origins", "ignored", "versions"})
    void isAnsweredExactly(RawRequest row, CapturedOutput log) throws IOException {
        assertAnswered(row, log);
    }
}
