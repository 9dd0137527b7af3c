package io.atelier.gateway;

import static io.atelier.gateway.RawRequest.INVALID;
import static io.atelier.gateway.RawRequest.NOT_FOUND;
import static io.atelier.gateway.RawRequest.each;
import static io.atelier.gateway.RawRequest.get;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Requests that two readers, such as a proxy and this server, may split in different ways; and everything else before the path and the body of a request. A
 * second request that hides behind a refused one is never answered.
 */
@GatewayHttpTest
@ExtendWith(OutputCaptureExtension.class)
class HostileFramingHttpTests extends RawExchange {

    /** The codes of problems by their status, where a row names none. */
    private static final Map<String, String> CODES =
            Map.of("400", INVALID, "414", "uri-too-long", "431", "headers-too-large");

    private static final String BODY = "{\"prompt\": \"x\"}";
    private static final String CHUNKS = "f\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String CLOSE = "Connection: close\r\n";
    private static final String HIDDEN = get("/livez");
    private static final String POST =
            "POST /v1/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = POST + CLOSE + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String LIVEZ = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";

    /** Content-Length and Transfer-Encoding. */
    static Stream<RawRequest> lengths() {
        return Stream.of(
                        Stream.of(
                                row(
                                        "CL.TE",
                                        POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"
                                                + HIDDEN,
                                        "400"),
                                row(
                                        "TE.CL",
                                        POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + CHUNKS
                                                + HIDDEN,
                                        "400"),
                                row(
                                        "chunks under HTTP/1.0",
                                        POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS
                                                + HIDDEN,
                                        "400"),
                                row(
                                        "tab before chunked",
                                        POST + CLOSE + "Transfer-Encoding:\tchunked\r\n\r\n" + CHUNKS,
                                        "202"),
                                row("CHUNKED", POST + CLOSE + "Transfer-Encoding: CHUNKED\r\n\r\n" + CHUNKS, "202"),
                                row(
                                        "folded coding",
                                        POST + "Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS + HIDDEN,
                                        "400"),
                                row(
                                        "coding in a folded line",
                                        POST + CLOSE
                                                + "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 15\r\n\r\n"
                                                + BODY,
                                        "202"),
                                row(
                                        "zeros before the length",
                                        POST + CLOSE + "Content-Length: 000015\r\n\r\n" + BODY,
                                        "202"),
                                row(
                                        "blanks around the length",
                                        POST + CLOSE + "Content-Length: \t 15 \t \r\n\r\n" + BODY,
                                        "202"),
                                row(
                                        "equal lengths",
                                        POST + "Content-Length: 15\r\nContent-Length: 15\r\n\r\n" + BODY + HIDDEN,
                                        "400"),
                                row(
                                        "two lengths",
                                        POST + "Content-Length: 15\r\nContent-Length: 16\r\n\r\n" + BODY + HIDDEN,
                                        "400"),
                                row(
                                        "blank before colon of length",
                                        POST + "Content-Length : 15\r\n\r\n" + BODY + HIDDEN,
                                        "400"),
                                row("no length", POST + CLOSE + "\r\n" + BODY, "400", "invalid-json"),
                                row(
                                        "length 0 and the next request",
                                        POST + "Content-Length: 0\r\n\r\n" + HIDDEN,
                                        "400 200"),
                                row(
                                        "request in a body",
                                        POST + "Content-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN + HIDDEN,
                                        "400 200"),
                                row("body of a GET", LIVEZ + "Content-Length: 5\r\n\r\nhello" + HIDDEN, "200 200"),
                                row("pipelined", LIVEZ + "\r\n" + HIDDEN, "200 200")),
                        each(
                                "400",
                                INVALID,
                                coding -> POST + "Transfer-Encoding: " + coding + "\r\n\r\n" + CHUNKS + HIDDEN,
                                "xchunked",
                                "chunked, identity",
                                "identity",
                                "identity, chunked",
                                "gzip, chunked",
                                "chunked, gzip",
                                "chunked, chunked",
                                "chunked\r\nTransfer-Encoding: chunked",
                                "chunked\r\nTransfer-Encoding: x",
                                "x\r\nTransfer-Encoding: chunked",
                                "\u000bchunked",
                                "chunked\u000b",
                                "\"chunked\"",
                                "chunked;q=1",
                                "chunke",
                                ""),
                        each(
                                "400",
                                INVALID,
                                line -> POST + line + "\r\n\r\n" + CHUNKS + HIDDEN,
                                "Transfer-Encoding : chunked",
                                "Transfer-Encoding\t: chunked",
                                "X: y\nTransfer-Encoding: chunked",
                                "X: y\rTransfer-Encoding: chunked",
                                "Transfer-Encoding\u0000: chunked"),
                        each(
                                "400",
                                INVALID,
                                length -> POST + "Content-Length: " + length + "\r\n\r\n" + BODY + HIDDEN,
                                "+15",
                                "-15",
                                "0xf",
                                "15a",
                                "1 5",
                                "15,15",
                                "15, 16",
                                "15.0",
                                "1e1",
                                "15;",
                                "\"15\"",
                                "",
                                "\u000b15",
                                "\u00b2",
                                "9223372036854775808",
                                "99999999999999999999"))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> chunks() {
        return Stream.of(
                        each(
                                "400",
                                INVALID,
                                size -> CHUNKED + size + "\r\n" + BODY + "\r\n0\r\n\r\n",
                                "-f",
                                "+f",
                                "0xf",
                                "f g",
                                " f",
                                "f ",
                                "f\t",
                                "f,f",
                                "f\u0000",
                                "f\u000b",
                                "\u00b2",
                                "zz",
                                "",
                                "e",
                                "10",
                                "ffffffff",
                                "10000000000000000f"),
                        each(
                                "202",
                                "",
                                size -> CHUNKED + size + "\r\n" + BODY + "\r\n0\r\n\r\n",
                                "F",
                                "0000000f",
                                "f;a=b",
                                "f;a=\"b;c\""),
                        each(
                                "400",
                                INVALID,
                                chunks -> CHUNKED + chunks,
                                "f\n" + BODY + "\r\n0\r\n\r\n",
                                "f\r\n" + BODY + "\n0\r\n\r\n",
                                "f;a=b\n" + BODY + "\r\n0\r\n\r\n",
                                "f\r\n" + BODY + "xx\r\n0\r\n\r\n",
                                "f\r\n" + BODY + "\r\n0\r\nbad\r\n\r\n",
                                "f\r\n" + BODY + "\r\n0\r\nX : y\r\n\r\n",
                                "f\r\n" + BODY + "\r\n0\r\n\n"),
                        // Fields of a trailer never become headers of the request.
                        each(
                                "202",
                                "",
                                trailer -> CHUNKED + "f\r\n" + BODY + "\r\n0\r\n" + trailer + "\r\n\r\n",
                                "X-Y: z",
                                "Content-Length: 5",
                                "Transfer-Encoding: chunked",
                                "Content-Type: text/plain",
                                "Idempotency-Key:",
                                "Host: evil.example"),
                        Stream.of(
                                row("long extension", CHUNKED + "f;a=" + "b".repeat(5_000) + "\r\n" + CHUNKS, "400"),
                                row(
                                        "long trailer",
                                        CHUNKED + "f\r\n" + BODY + "\r\n0\r\nX: " + "y".repeat(9_000) + "\r\n\r\n",
                                        "431")))
                .flatMap(rows -> rows);
    }

    /** Methods, forms of the target, and versions. */
    static Stream<RawRequest> requestLines() {
        Stream<RawRequest> bare = each(
                "400",
                INVALID,
                line -> line + "\r\nHost: localhost\r\n\r\n" + HIDDEN,
                "GET",
                "GET /livez",
                "GE:T /livez HTTP/1.1",
                "G\u0000T /livez HTTP/1.1",
                "GET /livez HTTP/1.2",
                "GET /livez HTTP/1.0x",
                "GET /livez HTTP/0.9",
                "GET /livez HTTP/2.0",
                "GET /livez HTTP/9.9",
                "GET /livez HTTP/11",
                "GET /livez HTTP/1.1 x",
                "GET /livez XTTP/1.1",
                "PRI * HTTP/2.0",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
        return Stream.of(
                        bare,
                        each(
                                "400",
                                INVALID,
                                target -> get(target),
                                "localhost:80",
                                "*",
                                "livez",
                                "./livez",
                                "../livez",
                                "?a=b",
                                "/livez#x",
                                "http:/livez",
                                "http:///livez",
                                "http://localhost/livez#x",
                                "ftp://localhost/livez",
                                "\\livez",
                                "/\\livez",
                                "/livez\u0000",
                                "/\u001b[31m",
                                "/\u007f"),
                        each(
                                "421",
                                "misdirected-request",
                                target -> get(target),
                                "http://evil.example/livez",
                                "http://a@localhost/livez"),
                        each(
                                "200",
                                "",
                                target -> get(target),
                                "http://localhost/livez",
                                "http://localhost:1/livez",
                                "HTTPS://localhost/livez?a"),
                        each(
                                "200",
                                "",
                                header -> "GET http://localhost:8080/livez HTTP/1.1\r\n" + header + CLOSE + "\r\n",
                                "Host: localhost:9090\r\n",
                                "Host: evil.example\r\n",
                                "Host:\r\n",
                                ""),
                        each(
                                "405",
                                "method-not-allowed",
                                method -> RawRequest.send(method, "/livez"),
                                "get",
                                "FROB",
                                "TRACE",
                                "M-SEARCH",
                                "PROPFIND"),
                        Stream.of(
                                row("CONNECT", RawRequest.send("CONNECT", "localhost:80"), "400", INVALID),
                                row(
                                        "CONNECT to another",
                                        "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n" + CLOSE
                                                + "\r\n",
                                        "400",
                                        INVALID),
                                host("a port that is no number", "localhost:abc"),
                                host("an empty port", "localhost:"),
                                host("two ports", "localhost:8080:1"),
                                host("a negative port", "localhost:-1"),
                                host("an open bracket", "[::1"),
                                host("text after a bracket", "[::1]x"),
                                row(
                                        "user and password in the target",
                                        "GET http://a:b@localhost/livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                        "400"),
                                row(
                                        "NUL in the host of the target",
                                        "GET http://local\u0000host/livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                        "400"),
                                row(
                                        "DEL in the host of the target",
                                        "GET http://localhost\u007f/livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                        "400"),
                                row("OPTIONS *", RawRequest.send("OPTIONS", "*"), "404", NOT_FOUND),
                                row("empty lines first", "\r\n\r\n" + HIDDEN, "200"),
                                row("HTTP/1.0", "GET /livez HTTP/1.0\r\n\r\n", "200"),
                                row("long target", get("/" + "a".repeat(5_000)), "414"),
                                row("long header", LIVEZ + "X: " + "a".repeat(9_000) + "\r\n\r\n" + HIDDEN, "431"),
                                row("many headers", LIVEZ + "X: a\r\n".repeat(3_000) + "\r\n" + HIDDEN, "431")))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> headerLines() {
        return Stream.of(
                        each(
                                "400",
                                INVALID,
                                line -> LIVEZ + line + "\r\n\r\n" + HIDDEN,
                                "X",
                                ": x",
                                "X Y: z",
                                "X : z",
                                "X\t: z",
                                "X\u0000: z",
                                "X\u00e9: z",
                                "X: a\u0000b",
                                "X: a\u001bb",
                                "X: a\u007fb",
                                "X: a\rb",
                                "X: a\nb",
                                "Host: localhost",
                                "Host: evil.example",
                                "Content-Type: a/b\r\nContent-Type: a/b",
                                "Origin: http://localhost\r\nOrigin: https://evil.example",
                                "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
                                "Last-Event-ID: 1\r\nlast-event-id: 2",
                                "Range: bytes=0-0\r\nRange: bytes=1-1"),
                        each(
                                "200",
                                "",
                                line -> LIVEZ + CLOSE + line + "\r\n\r\n",
                                "X: y\r\n z",
                                "X: \u00e9",
                                "X:",
                                "Accept: */*\r\nAccept: a/b"),
                        Stream.of(
                                row(
                                        "no line of its own for the host",
                                        "GET /livez HTTP/1.1\r\n Host: localhost\r\n\r\n" + HIDDEN,
                                        "400"),
                                row("line feeds alone", "GET /livez HTTP/1.1\nHost: localhost\n\n" + HIDDEN, "400"),
                                row(
                                        "100-continue",
                                        POST + CLOSE + "Expect: 100-continue\r\nContent-Length: 15\r\n\r\n" + BODY,
                                        "100 202"),
                                row(
                                        "h2c",
                                        LIVEZ
                                                + "Connection: Upgrade, close, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
                                        "200"),
                                row(
                                        "websocket",
                                        LIVEZ
                                                + "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhl\r\n\r\n",
                                        "200")),
                        each(
                                "421",
                                "misdirected-request",
                                host -> "GET /livez HTTP/1.1\r\nHost: " + host + "\r\n" + CLOSE + "\r\n",
                                "",
                                "*",
                                "evil.example",
                                "localhost.evil.example",
                                "localhost, localhost",
                                "localhost evil",
                                "localhost/",
                                "localhost:999999",
                                "localhost%00",
                                "a@localhost",
                                "127.1",
                                "0x7f.1",
                                "2130706433",
                                "[::ffff:8.8.8.8]"),
                        each(
                                "200",
                                "",
                                host -> "GET /livez HTTP/1.1\r\nHost: " + host + "\r\n" + CLOSE + "\r\n",
                                "LOCALHOST",
                                "localhost.",
                                "127.0.0.1:1",
                                "127.0.0.2",
                                "[::1]:8080",
                                "[0:0:0:0:0:0:0:1]"))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest
    @MethodSource({"lengths", "chunks", "requestLines", "headerLines"})
    void isAnsweredExactly(RawRequest row, CapturedOutput log) throws IOException {
        assertAnswered(row, log);
    }

    private static RawRequest host(String name, String host) {
        return row(name, "GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n", "400");
    }

    private static RawRequest row(String name, String bytes, String statuses) {
        return row(name, bytes, statuses, CODES.getOrDefault(statuses, ""));
    }

    private static RawRequest row(String name, String bytes, String statuses, String code) {
        return new RawRequest(name, bytes, statuses, code);
    }
}
