// doors - one loopback port a role, each leading to the console's Unix socket as that Unix user.
'use strict';
const http = require('http'), net = require('net');

// The kernel notes who connects at connect(), which libuv calls at once.
function connectAs(socket, uid) {
	process.setegid(uid);
	process.seteuid(uid);
	try {
		return net.connect(socket);
	} finally {
		process.seteuid(0);
		process.setegid(0);
	}
}

function door(socket, uid) {
	return http.createServer((q, r) => {
		const headers = { ...q.headers, host: 'localhost', connection: 'close' };
		const up = http.request({ method: q.method, path: q.url, headers, createConnection: () => connectAs(socket, uid) }, a => {
			r.writeHead(a.statusCode, a.headers);
			a.pipe(r);
		});
		up.on('error', () => r.destroy());
		q.pipe(up);
	});
}

exports.doors = async (socket, uids) => {
	const ports = {}, servers = [];
	for (const who of Object.keys(uids)) {
		const s = door(socket, uids[who]);
		await new Promise(done => s.listen(0, '127.0.0.1', done));
		ports[who] = s.address().port;
		servers.push(s);
	}
	return { ports, close: () => servers.forEach(s => { s.closeAllConnections?.(); s.close(); }) };
};
