package io.atelier.gateway;

import static io.atelier.gateway.RawRequest.NOT_FOUND;
import static io.atelier.gateway.RawRequest.VALIDATION;
import static io.atelier.gateway.RawRequest.each;
import static io.atelier.gateway.RawRequest.get;
import static io.atelier.gateway.RawRequest.send;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Parameters of lists, streams and images: each value just beyond what is allowed, and values that are given twice. */
@GatewayHttpTest
@ExtendWith(OutputCaptureExtension.class)
class HostileQueryHttpTests extends RawExchange {

    static Stream<RawRequest> lists() {
        return Stream.of(
                        each(
                                "200",
                                "",
                                query -> get("/v1/generations?" + query),
                                "",
                                "limit=1",
                                "limit=100",
                                "limit=1&",
                                "order=asc",
                                "status=queued",
                                "model=pocket",
                                "model=%F0%9F%98%80",
                                "label=a=b",
                                "label=a=",
                                "label=a=b&label.c=d",
                                "label.a=%00",
                                "label.A%20b=1",
                                "created_after=2026-11-21T10:00:00Z",
                                "created_after=2026-11-21T10:00:00%2B01:00",
                                "created_after=2026-11-21T10:00:00+01:00",
                                "created_after=-999999999-01-01T00:00:00Z",
                                "created_before=2026-02-28T23:59:59.999999999Z",
                                "created_after=2027-01-01T00:00:00Z&created_before=2026-01-01T00:00:00Z",
                                "after=gen_01m8hqxaf4exaanj1fvqey7e2r",
                                "after=GEN_01M8HQXAF4EXAANJ1FVQEY7E2R",
                                "before=RUNNING&after=RUNNING"),
                        each(
                                "422",
                                VALIDATION,
                                query -> get("/v1/generations?" + query),
                                "limit=0",
                                "limit=101",
                                "limit=-1",
                                "limit=+1",
                                "limit=1.0",
                                "limit=1e1",
                                "limit=0x1",
                                "limit=",
                                "limit",
                                "limit=%201",
                                "limit=%D9%A1",
                                "limit=99999999999999999999",
                                "limit=1&limit=2",
                                "order=ASC",
                                "order=",
                                "order",
                                "order=asc&order=desc",
                                "status=QUEUED",
                                "status=nothing",
                                "status=",
                                "status=queued,running",
                                "status=queued&status=",
                                "after=",
                                "after",
                                "after=x",
                                "after=gen_8zzzzzzzzzzzzzzzzzzzzzzzzz",
                                "after=gen_01m8hqxaf4exaanj1fvqey7e2r%20",
                                "after=320c3d4dcc004d5b8ec932d5f69181c1",
                                "after=320c3d4d-cc00-4d5b-8ec9-32d5f69181c1",
                                "before=320C3D4D-CC00-4D5B-8EC9-32D5F69181C1",
                                "after=a&after=b",
                                "label=",
                                "label",
                                "label==x",
                                "label=a",
                                "label=a=b&label=a=b",
                                "label=a=b&label.a=b",
                                "label.=x",
                                "label.",
                                "label.a=1&label.a=2",
                                "created_after=",
                                "created_after",
                                "created_after=yesterday",
                                "created_after=2026-11-21",
                                "created_after=2026-11-21T10:00:00",
                                "created_after=2026-13-01T00:00:00Z",
                                "created_after=2026-02-30T00:00:00Z",
                                "created_after=2026-11-21T25:00:00Z",
                                "created_after=1e99",
                                "created_after=2026-11-21T10:00:00Z&created_after=2026-11-21T10:00:00Z",
                                "unknown=1",
                                "LIMIT=1",
                                "limit%00=1",
                                "offset=1",
                                "=1",
                                "%20limit=1",
                                "constructor=1",
                                "model=",
                                "model",
                                "model=a&model=b"))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> streams() {
        return Stream.of(
                        each(
                                "200",
                                "",
                                query -> send("HEAD", "/v1/events" + query),
                                "",
                                "?from=latest",
                                "?from=earliest",
                                "?from=",
                                "?types=generation.succeeded",
                                "?types=",
                                "?types=generation.succeeded,%20generation.failed",
                                "?last_event_id=",
                                "?last_event_id=aAA"),
                        each(
                                "422",
                                "",
                                query -> send("HEAD", "/v1/events" + query),
                                "?from=EARLIEST",
                                "?from=0",
                                "?from=latest&from=latest",
                                "?types=nothing",
                                "?types=,",
                                "?types=generation.succeeded,",
                                "?types=generation.progress",
                                "?types=GENERATION.SUCCEEDED",
                                "?last_event_id=a",
                                "?last_event_id=b123",
                                "?last_event_id=a%00",
                                "?last_event_id=a___",
                                "?last_event_id=a" + "_".repeat(401),
                                "?last_event_id=3",
                                "?last_event_id=RUNNING"),
                        each(
                                "422",
                                VALIDATION,
                                id -> get("/v1/events", "Last-Event-ID: " + id),
                                "x",
                                "3",
                                "-1",
                                "a b",
                                "a=",
                                "a\u00e9",
                                "RUNNING",
                                "320c3d4d-cc00-4d5b-8ec9-32d5f69181c1",
                                "a" + "A".repeat(500)),
                        each(
                                "422",
                                VALIDATION,
                                id -> get("/v1/generations/RUNNING/events", "Last-Event-ID: " + id),
                                "-1",
                                "+1",
                                "1.0",
                                "1e0",
                                "0x1",
                                "3,3",
                                "\"3\"",
                                "x",
                                "9999999999",
                                "\u00b2",
                                "RUNNING",
                                "320c3d4d-cc00-4d5b-8ec9-32d5f69181c1",
                                "aAA"),
                        each(
                                "422",
                                VALIDATION,
                                id -> get("/v1/generations/RUNNING/events?last_event_id=" + id),
                                "-1",
                                "x",
                                "%D9%A3",
                                "3%00",
                                "9999999999",
                                "320c3d4d-cc00-4d5b-8ec9-32d5f69181c1"),
                        each(
                                "204",
                                "",
                                id -> get("/v1/generations/SUCCEEDED/events", "Last-Event-ID: " + id),
                                "3",
                                "4",
                                "  3 ",
                                "0003",
                                "999999999"),
                        each(
                                "200",
                                "",
                                id -> send("HEAD", "/v1/generations/RUNNING/events", "Last-Event-ID: " + id),
                                "",
                                "0",
                                "1",
                                "999999999"))
                .flatMap(rows -> rows);
    }

    static Stream<RawRequest> images() {
        return Stream.of(
                        each(
                                "404",
                                NOT_FOUND,
                                name -> get("/v1/generations/SUCCEEDED/images/" + name),
                                "-1",
                                "+0",
                                "00",
                                "0.png",
                                "0%00",
                                "1",
                                "%D9%A0",
                                "1e0",
                                "99999999999",
                                "grid",
                                "grid-0",
                                "grid-1",
                                "grid-",
                                "GRID",
                                "a",
                                "..",
                                "."),
                        each(
                                "422",
                                VALIDATION,
                                query -> get("/v1/generations/RUNNING/images/0?" + query),
                                "disposition=x",
                                "disposition=INLINE",
                                "delivery=x",
                                "delivery=gateway,redirect",
                                "w=",
                                "format="),
                        each(
                                "422",
                                VALIDATION,
                                query -> get("/v1/generations/RUNNING/images/0?" + query),
                                "disposition=inline&disposition=attachment",
                                "filename=a&filename=b",
                                "w",
                                "format",
                                "width=256",
                                "w=256&%77=256",
                                "x=1"),
                        each(
                                "409",
                                "image-not-ready",
                                query -> get("/v1/generations/RUNNING/images/0?" + query),
                                "disposition=",
                                "delivery=redirect",
                                "filename=a%00b",
                                "filename=../x",
                                "filename=%0d%0aX:%20y",
                                "filename=%ff"),
                        each(
                                "409",
                                "image-not-ready",
                                header -> get("/v1/generations/RUNNING/images/0", header),
                                "Range: bytes=0-0",
                                "Range: bytes=5-2",
                                "Range: bytes=--1",
                                "Range: items=0-1",
                                "Range: bytes=0-99999999999999999999",
                                "If-None-Match: *",
                                "If-None-Match: \"",
                                "If-Match: x",
                                "If-Modified-Since: yesterday",
                                "If-Range: x",
                                "Prefer: wait=0"),
                        each(
                                "404",
                                "image-unavailable",
                                query -> get("/v1/generations/FAILED/images/0" + query),
                                "",
                                "?delivery=redirect",
                                "?filename=%00"))
                .flatMap(rows -> rows);
    }

    @ParameterizedTest
    @MethodSource({"lists", "streams", "images"})
    void isAnsweredExactly(RawRequest row, CapturedOutput log) throws IOException {
        assertAnswered(row, log);
    }
}
