/* Drives the vendor's Windows library: commands as lines on standard input, one line of answer for each.
 *
 *   harness.exe LIBRARY AUTHORITY HOST PORT GATEWAY
 *
 * AUTHORITY is a certificate file (DER) that this Wine prefix is to trust. HOST is the only name that is found: it
 * stands for this machine, and every connection goes to PORT here, whichever port was meant. All other names are
 * unknown, so nothing leaves the machine. GATEWAY is the address of the on-premises gateway.
 *
 * A command is KIND, API, FUNCTION and what it takes, parted by tabs:
 *   call API FUNCTION [DATA]   a function that reports to a callback; DATA is the JSON that it takes, as is
 *   text API FUNCTION          a function that returns a text
 *   flag API FUNCTION          a function that returns a truth value, given as true or false
 *   put  API FUNCTION [VALUE [VALUE]]  a function that returns nothing
 * An answer is `=` and what came, `-` for no text, or `!` and why the command was not run.
 *
 * Functions are looked up by their exported names. An object of the library is a single pointer, which the calling
 * convention of 64-bit Windows passes and returns as a pointer.
 */
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <wincrypt.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_LINE (4 << 20)
#define TLS_ALERT 21
#define LONGEST_CALL_MILLISECONDS 60000

typedef void *(*maker)(void *);
typedef void (*report)(const char *);

static HMODULE library;
static HANDLE answered;
static char line[LONGEST_LINE];
static void *sdk;
static WCHAR host[256];
static unsigned short port;

static void fail(const char *what) {
    fprintf(stderr, "harness: %s (%lu)\n", what, GetLastError());
    exit(2);
}

static void *find(const char *name) { return (void *)GetProcAddress(library, name); }

static void *need(const char *name) {
    void *found = find(name);
    if (found == NULL)
        fail(name);
    return found;
}

static void answer(const char *mark, const char *text) {
    printf("%s%s\n", mark, text);
    fflush(stdout);
}

/* Runs on a thread of the library, which takes the text back when this returns. */
static void on_result(const char *text) {
    answer("=", text);
    SetEvent(answered);
}

static void trust(const char *path) {
    static BYTE certificate[1 << 16];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path);
    DWORD size = (DWORD)fread(certificate, 1, sizeof certificate, file);
    fclose(file);
    HCERTSTORE store = CertOpenSystemStoreA(0, "ROOT");
    if (store == NULL ||
        !CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, certificate, size, CERT_STORE_ADD_REPLACE_EXISTING, NULL))
        fail("the authority is not taken");
    CertCloseStore(store, 0);
}

static int WSAAPI resolve(PCWSTR name, PCWSTR service, const ADDRINFOW *hints, PADDRINFOW *found) {
    if (name == NULL || lstrcmpiW(name, host) != 0)
        return WSAHOST_NOT_FOUND;
    return GetAddrInfoW(L"127.0.0.1", service, hints, found);
}

static int WSAAPI connect_here(SOCKET socket, const struct sockaddr *address, int size) {
    struct sockaddr_in here;
    if (address->sa_family != AF_INET || size < (int)sizeof here) {
        WSASetLastError(WSAENETUNREACH);
        return SOCKET_ERROR;
    }
    memset(&here, 0, sizeof here);
    here.sin_family = AF_INET;
    here.sin_port = htons(port);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(socket, (const struct sockaddr *)&here, sizeof here);
}

/* A server that closes an idle connection says so in TLS first. Wine reads over that, looks whether more came, and
 * sends its next request into nothing; so both times it is told of the end here. */
static int WSAAPI receive(SOCKET socket, char *buffer, int size, int flags) {
    static __thread SOCKET ended = INVALID_SOCKET;
    int got = recv(socket, buffer, size, flags);
    if (got > 0 && (flags & MSG_PEEK) == 0)
        ended = buffer[0] == TLS_ALERT ? socket : INVALID_SOCKET;
    return socket == ended ? 0 : got;
}

/* Put our function where `module` keeps the address of one that it imports. */
static void stand_in(HMODULE module, void *theirs, void *ours) {
    BYTE *base = (BYTE *)module;
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_DATA_DIRECTORY table = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    IMAGE_IMPORT_DESCRIPTOR *from = (IMAGE_IMPORT_DESCRIPTOR *)(base + table.VirtualAddress);
    for (; from->Name != 0; from++) {
        for (void **slot = (void **)(base + from->FirstThunk); *slot != NULL; slot++) {
            DWORD before;
            if (*slot != theirs)
                continue;
            VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &before);
            *slot = ours;
            VirtualProtect(slot, sizeof *slot, before, &before);
            return;
        }
    }
    fail("the system's HTTP library connects in a way that is not known here");
}

static void stay_here(const char *name, const char *to) {
    HMODULE http = LoadLibraryA("winhttp.dll"), sockets = LoadLibraryA("ws2_32.dll");
    port = (unsigned short)atoi(to);
    if (http == NULL || sockets == NULL || !MultiByteToWideChar(CP_UTF8, 0, name, -1, host, 256))
        fail("no host");
    stand_in(http, (void *)GetProcAddress(sockets, "GetAddrInfoW"), (void *)resolve);
    stand_in(http, (void *)GetProcAddress(sockets, "connect"), (void *)connect_here);
    stand_in(http, (void *)GetProcAddress(sockets, "recv"), (void *)receive);
}

static void start(const char *gateway) {
    typedef void *(*configure)(const char *, const char *, const char *, const char *, void *, const char *);
    void *configuration = ((configure)need("buildSdkConfig"))("PROD", NULL, NULL, gateway, NULL, "false");
    sdk = ((void *(*)(void *, void *))need("initialize"))(NULL, configuration);
}

static char *next(char **rest) {
    char *start = *rest;
    if (start == NULL)
        return NULL;
    char *tab = strchr(start, '\t');
    *rest = tab == NULL ? NULL : tab + 1;
    if (tab != NULL)
        *tab = '\0';
    return start;
}

static void call(void *api, void *function, const char *data) {
    ResetEvent(answered);
    if (data == NULL)
        ((void (*)(void *, report))function)(api, on_result);
    else
        ((void (*)(void *, const char *, report))function)(api, data, on_result);
    if (WaitForSingleObject(answered, LONGEST_CALL_MILLISECONDS) != WAIT_OBJECT_0)
        fail("a call did not report");
}

static void text(void *api, void *function) {
    const char *found = ((const char *(*)(void *))function)(api);
    if (found == NULL)
        answer("-", "");
    else
        answer("=", found);
}

static void put(void *api, void *function, char *values) {
    const char *first = next(&values), *second = values;
    if (first == NULL)
        ((void (*)(void *))function)(api);
    else if (second == NULL)
        ((void (*)(void *, const char *))function)(api, first);
    else
        ((void (*)(void *, const char *, const char *))function)(api, first, second);
    answer("=", "");
}

static void run(char *command) {
    char *rest = command;
    const char *kind = next(&rest), *part = next(&rest), *name = next(&rest);
    maker make = part == NULL ? NULL : (maker)find(part);
    void *function = name == NULL ? NULL : find(name);
    if (make == NULL || function == NULL) {
        answer("!", "no such function");
        return;
    }
    void *api = make(sdk);
    if (strcmp(kind, "call") == 0)
        call(api, function, rest);
    else if (strcmp(kind, "text") == 0)
        text(api, function);
    else if (strcmp(kind, "flag") == 0)
        answer("=", ((unsigned char (*)(void *))function)(api) ? "true" : "false");
    else if (strcmp(kind, "put") == 0)
        put(api, function, rest);
    else
        answer("!", "no such kind of command");
}

int main(int count, char **arguments) {
    if (count != 6)
        fail("harness.exe LIBRARY AUTHORITY HOST PORT GATEWAY");
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    trust(arguments[2]);
    stay_here(arguments[3], arguments[4]);
    answered = CreateEventA(NULL, TRUE, FALSE, NULL);
    library = LoadLibraryA(arguments[1]);
    if (library == NULL)
        fail("the library does not load");
    start(arguments[5]);
    answer("=", "ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        run(line);
    }
    /* The library's own threads would keep an orderly end waiting. */
    TerminateProcess(GetCurrentProcess(), 0);
    return 0;
}
