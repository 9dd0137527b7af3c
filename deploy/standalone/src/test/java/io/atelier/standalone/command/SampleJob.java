package io.atelier.standalone.command;

import java.util.List;

/** A job as the gateway returns it, and the requests that concern it. */
final class SampleJob {

    static final String ID = "gen_01kb9q4v6ye7m8c3r5t2w0x1za";
    static final String SUBMIT = "POST /v1/generations";
    static final String STATUS = "GET /v1/generations/" + ID;
    static final String IMAGE = "GET /v1/generations/" + ID + "/images/";

    private SampleJob() {}

    static String job(String status, String images) {
        return """
                {"id":"%s","status":"%s","terminal":%s,"stage":"","model":"pocket","images":[%s],"error":null}""".formatted(ID, status, !List.of("queued", "running").contains(status), images);
    }

    static String image(int index) {
        return """
                {"index":%d,"url":"/v1/generations/%s/images/%d","width":512,"height":512,"seed":%d,"sha256":""}""".formatted(index, ID, index, 42 + index);
    }
}
