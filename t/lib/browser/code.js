// code - the six digits that a telephone would show (RFC 6238).
'use strict';
const crypto = require('crypto');

exports.code = (secret, seconds = Date.now() / 1000) => {
	const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2))), step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
	const mac = crypto.createHmac('sha1', key).update(step).digest(), at = mac[19] & 15;
	return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
};
